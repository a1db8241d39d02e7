// What keys do: each presses a button that is there without them.

import { desk, inHand, items, say, take } from './desk-page.js';

/** Presses the button of a verb of the item in hand, and says what was done. */
export function press(verb, words) {
  const button = inHand()?.querySelector(`[data-verb="${verb}"]`);
  if (!button) return;
  say(`${words}: ${inHand().querySelector('.item-headline').textContent.trim()}`);
  button.click();
}

export function move(place) {
  const select = inHand()?.querySelector('select[name="place"]');
  if (!select || ![...select.options].some(({ value }) => value === place)) return;
  select.value = place;
  say(`Moved to ${select.selectedOptions[0].textContent}: ${inHand().querySelector('.item-headline').textContent.trim()}`);
  select.form.requestSubmit();
}

export function edit(field) {
  const words = inHand()?.querySelector('.item-words');
  if (!words) return;
  words.open = true;
  words.querySelector(`[name="${field}"]`)?.focus();
}

export function open(act) {
  const details = desk()?.querySelector(`[data-act="${act}"]`);
  if (!details) return;
  details.open = true;
  details.querySelector('form :is(input[type="text"], button)')?.focus();
}

export function nextReader() {
  const select = document.getElementById('as');
  if (!select) return;
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  say(`As ${select.selectedOptions[0].textContent}`);
  select.form.requestSubmit();
}

export const viewOf = (name) => document.querySelector(`[data-list="views"] a[href*="on=${name}"]`)?.click();

export function view(list, by = 1) {
  const links = [...document.querySelectorAll(`[data-list="${list}"] a`)];
  const at = links.findIndex((link) => link.hasAttribute('aria-current'));
  links.at((at + by) % links.length)?.click();
}

export function nextProblem() {
  const troubled = items().filter((item) => item.querySelector('.finding'));
  const after = troubled.find((item) => items().indexOf(item) > items().indexOf(inHand()));
  take(after ?? troubled[0]);
}

export const section = (nth) => {
  const parts = [...document.querySelectorAll('#desk .part[data-section]')];
  const part = parts[nth - 1];
  if (part) move(`section ${part.dataset.section}`);
};
