// The desk with scripts: quicker, and by keyboard. Everything it does can be done without it.

import './desk-drag.js';
import { listKeys } from './desk-keys.js';
import { tick } from './desk-live.js';
import { desk, inHand, items, take } from './desk-page.js';
import { restoreDrafts } from './desk-typed.js';

/** The way from a finding to its field: what is folded over it opens. */
addEventListener('click', (event) => {
  const way = event.target.closest?.('[data-way]');
  const target = way && document.getElementById(way.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  for (let fold = target.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  target.scrollIntoView({ block: 'center' });
  target.focus();
});

function ready() {
  listKeys();
  restoreDrafts();
  const item = inHand();
  if (item) take(item, { focus: document.activeElement === document.body });
  for (const one of items()) one.draggable = one.querySelector('.item-place') !== null;
  tick();
}

addEventListener('change', ({ target }) => {
  if (target.id === 'as') target.form.requestSubmit();
});
addEventListener('focusin', ({ target }) => {
  const item = target.closest?.('#desk .item');
  if (item && item !== inHand()) take(item, { focus: false });
});
document.addEventListener('htmx:after:swap', ready);
setInterval(tick, 5000);
ready();
