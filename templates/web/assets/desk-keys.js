// The desk by keyboard, and the list of keys behind "?", in which they can be changed.

import { desk, say, step, take } from './desk-page.js';
import { edit, move, nextProblem, nextReader, open, press, section, view, viewOf } from './desk-verbs.js';

/** Each key, what it is called in the list behind "?", and what it does. */
const KEYS = [
  ['j', 'The next story', () => step(1)],
  ['k', 'The story before', () => step(-1)],
  ['J', 'Move it down', () => press('down', 'Moved down')],
  ['K', 'Move it up', () => press('up', 'Moved up')],
  ['p', 'Pin it, or let it go', () => press('pin', 'Pin turned over')],
  ['x', 'Drop it', () => press('drop', 'Dropped')],
  ['l', 'Make it the lead', () => move('lead')],
  ['o', 'To the top stories', () => move('top')],
  ['b', 'To the briefs', () => move('brief')],
  ['e', 'Edit its headline', () => edit('headline')],
  ['s', 'Edit its summary', () => edit('summary')],
  ['i', 'Its picture on or off', () => press('image', 'Picture turned over')],
  ['/', 'Find among the candidates', () => document.getElementById('find')?.focus()],
  ['v', 'The next view', () => view('views')],
  ['d', 'As it is in the dark', () => viewOf('dark')],
  ['t', 'Its plain text', () => viewOf('text')],
  ['a', 'The next reader', nextReader],
  ['c', 'The checks', () => desk()?.querySelector('.checks > summary')?.click()],
  ['g', 'The next story with a finding', nextProblem],
  ['h', 'Hold the edition', () => open('hold')],
  ['?', 'This list', () => document.getElementById('keys')?.showModal()],
];
const WITH_CONTROL = [
  ['z', 'Ctrl+Z', 'Undo my last change', () => desk()?.querySelector('[data-key="undo"]')?.click()],
  ['Z', 'Ctrl+Shift+Z', 'Redo it', () => desk()?.querySelector('[data-key="redo"]')?.click()],
  ['s', 'Ctrl+S', 'Name this version', () => open('name')],
  ['Enter', 'Ctrl+Enter', 'Approve, or submit', () => (desk()?.querySelector('[data-act="approve"]') ? open('approve') : desk()?.querySelector('[data-key="submit"]')?.click())],
];

/** Keys that somebody has chosen otherwise, in this browser: by what they do. */
const CHOSEN = 'desk keys';
const chosen = () => JSON.parse(localStorage.getItem(CHOSEN) ?? '{}');
const keyOf = ([key, words]) => chosen()[words] ?? key;

const isTyping = ({ target }) => target.matches?.('input:not([type="hidden"]), textarea, select');

addEventListener('keydown', (event) => {
  if (!desk() || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.ctrlKey || event.metaKey) {
    const found = WITH_CONTROL.find(([key]) => key === event.key);
    if (!found || (isTyping(event) && event.key !== 'Enter')) return;
    event.preventDefault();
    return found[3]();
  }
  if (isTyping(event)) {
    if (event.key === 'Escape') take(event.target.closest('.item'));
    return;
  }
  const found = KEYS.find((row) => keyOf(row) === event.key);
  if (found) {
    event.preventDefault();
    return found[2]();
  }
  if (/^[1-9]$/.test(event.key)) section(Number(event.key));
});

/** Lets a key do this from now on; one that does something else already is left to that. */
function choose(box, row) {
  const taken = KEYS.find((other) => other !== row && keyOf(other) === box.value);
  if (box.value.trim().length === 1 && !taken) {
    localStorage.setItem(CHOSEN, JSON.stringify({ ...chosen(), [row[1]]: box.value }));
    say(`${row[1]}: ${box.value}`);
    return;
  }
  say(taken ? `${box.value} is the key for: ${taken[1]}` : 'One key is expected');
  box.value = keyOf(row);
}

function row(name, words) {
  const line = document.createElement('div');
  const [term, what] = [document.createElement('dt'), document.createElement('dd')];
  term.append(name);
  what.textContent = words;
  line.append(term, what);
  return line;
}

function boxFor(of) {
  const box = document.createElement('input');
  box.value = keyOf(of);
  box.maxLength = 1;
  box.className = 'key';
  box.setAttribute('aria-label', `Key for: ${of[1]}`);
  box.addEventListener('focus', () => box.select());
  box.addEventListener('change', () => choose(box, of));
  return box;
}

/** The list of keys, for the dialog behind "?". */
export function listKeys() {
  const list = document.getElementById('key-list');
  if (!list || list.childElementCount > 0) return;
  list.append(
    ...KEYS.map((of) => row(boxFor(of), of[1])),
    row('1–9', 'To the first to ninth section'),
    ...WITH_CONTROL.map(([, keys, words]) => row(keys, words)),
  );
}
