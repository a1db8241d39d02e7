import { hold, items } from './desk-page.js';

/** Drag with a pointer: the list itself says what was dropped where, through the same form as the buttons. */
let dragged = null;
addEventListener('dragstart', (event) => {
  dragged = event.target.closest?.('#desk .item');
  if (dragged) event.dataTransfer.effectAllowed = 'move';
});
addEventListener('dragover', (event) => {
  if (!dragged || !event.target.closest?.('#desk .part')) return;
  event.preventDefault();
  const over = event.target.closest('.item');
  for (const one of items()) one.classList.toggle('drop-before', one === over);
});
addEventListener('dragend', () => {
  for (const one of items()) one.classList.remove('drop-before');
  dragged = null;
});
addEventListener('drop', (event) => {
  const part = event.target.closest?.('#desk .part');
  if (!dragged || !part) return;
  event.preventDefault();
  const form = dragged.querySelector('.item-place');
  const place = part.dataset.section ? `section ${part.dataset.section}` : part.dataset.place;
  const others = [...part.querySelectorAll('.item')].filter((one) => one !== dragged);
  const at = others.indexOf(event.target.closest('.item'));
  form.elements.place.value = place;
  form.elements.index.value = at === -1 ? others.length : at;
  hold(dragged.dataset.item);
  form.requestSubmit();
});
