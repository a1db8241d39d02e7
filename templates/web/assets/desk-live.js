// What happens while the desk is open: the time that is left, who else is here, and what they change.

import { desk, say } from './desk-page.js';

/** How long until press, by the clock of the server: what the page said when it came, and the time since. */
const came = { at: Date.now(), now: Number(desk()?.dataset.now) };
export function tick() {
  const left = document.querySelector('#desk [data-left]');
  const pressAt = Date.parse(desk()?.dataset.pressAt);
  if (!left || Number.isNaN(pressAt)) return;
  const minutes = Math.ceil((pressAt - (came.now + Date.now() - came.at)) / 60_000);
  const words = minutes <= 0 ? 'now' : minutes === 1 ? 'one minute left' : `${minutes} minutes left`;
  if (minutes < 120 && left.textContent !== words) left.textContent = words;
  if (minutes === 5 && desk().dataset.warned !== 'yes') {
    desk().dataset.warned = 'yes';
    say('Five minutes to press');
  }
}

/** Who else is here, and at what; a change of theirs is offered, never forced upon what is being typed. */
let seen = null;
function hear({ data }) {
  const { others, edit, by, state } = JSON.parse(data);
  const line = document.querySelector('#desk [data-present]');
  if (line)
    line.textContent = others.map(({ name, field }) => (field ? `${name} is at “${field}”` : `${name} is here`)).join(' · ');
  const now = `${edit} ${state}`;
  if (seen !== null && now !== seen && by !== desk()?.dataset.me) {
    say(`${by} has changed the edition`);
    if (!isBusy()) refresh();
  }
  seen = now;
}

/** Whether something is open or being typed that a new page would close; where two texts are to be chosen from, too. */
const isBusy = () => !desk()?.dataset.stream || desk().querySelector('.act[open], .item-words[open], .words :focus') !== null;

/** Fetches the page anew and lets htmx put it in place of this one. */
const refresh = () => globalThis.htmx?.ajax('GET', location.href, { target: '#desk', select: '#desk', swap: 'outerMorph' });

const HEARTBEAT_MS = 15_000;
let heartbeat = 0;
function beat() {
  clearTimeout(heartbeat);
  heartbeat = setTimeout(beat, HEARTBEAT_MS);
  if (!desk()?.dataset.presence) return;
  const box = document.activeElement?.closest?.('#desk .words :is(input, textarea)');
  const field = box ? document.querySelector(`label[for="${box.id}"]`)?.textContent.trim() : '';
  const of = box?.closest('.item')?.querySelector('.item-headline')?.textContent.trim();
  fetch(desk().dataset.presence, { method: 'POST', body: new URLSearchParams({ field: of ? `${field}: ${of}` : field }) }).catch(() => {});
}
if (desk()?.dataset.stream) {
  new EventSource(desk().dataset.stream).addEventListener('desk', hear);
  addEventListener('focusin', beat);
  beat();
}
