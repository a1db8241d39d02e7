// What of the desk is on the page, and which of its stories is in hand.

export const desk = () => document.getElementById('desk');
export const items = () => [...document.querySelectorAll('#desk .item')];
let current = null; // the id of the item in hand: it outlives a page that is swapped

export const say = (words) => {
  const region = document.getElementById('said');
  if (region) region.textContent = words;
};

export function take(item, { focus = true } = {}) {
  for (const one of items()) one.classList.toggle('current', one === item);
  current = item?.dataset.item ?? null;
  if (!item) return;
  if (focus) item.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' });
}

export const inHand = () => items().find(({ dataset }) => dataset.item === current);

export function step(by) {
  const all = items();
  const at = all.indexOf(inHand());
  take(all[Math.min(Math.max(at + by, 0), all.length - 1)] ?? all[0]);
}

/** Has a story in hand, by its id, without moving to it. */
export const hold = (id) => {
  current = id;
};
