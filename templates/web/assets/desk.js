// The desk by keyboard, by pointer and by the clock. Every key presses a button that is there without it.

const desk = () => document.getElementById('desk');
const items = () => [...document.querySelectorAll('#desk .item')];
let current = null; // the id of the item in hand: it outlives a page that is swapped

const say = (words) => {
  const region = document.getElementById('said');
  if (region) region.textContent = words;
};

function take(item, { focus = true } = {}) {
  for (const one of items()) one.classList.toggle('current', one === item);
  current = item?.dataset.item ?? null;
  if (!item) return;
  if (focus) item.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' });
}

const inHand = () => items().find(({ dataset }) => dataset.item === current);

function step(by) {
  const all = items();
  const at = all.indexOf(inHand());
  take(all[Math.min(Math.max(at + by, 0), all.length - 1)] ?? all[0]);
}

/** Presses the button of a verb of the item in hand, and says what was done. */
function press(verb, words) {
  const button = inHand()?.querySelector(`[data-verb="${verb}"]`);
  if (!button) return;
  say(`${words}: ${inHand().querySelector('.item-headline').textContent.trim()}`);
  button.click();
}

function move(place) {
  const select = inHand()?.querySelector('select[name="place"]');
  if (!select || ![...select.options].some(({ value }) => value === place)) return;
  select.value = place;
  say(`Moved to ${select.selectedOptions[0].textContent}: ${inHand().querySelector('.item-headline').textContent.trim()}`);
  select.form.requestSubmit();
}

function edit(field) {
  const words = inHand()?.querySelector('.item-words');
  if (!words) return;
  words.open = true;
  words.querySelector(`[name="${field}"]`)?.focus();
}

function open(act) {
  const details = desk()?.querySelector(`[data-act="${act}"]`);
  if (!details) return;
  details.open = true;
  details.querySelector('form :is(input[type="text"], button)')?.focus();
}

function nextReader() {
  const select = document.getElementById('as');
  if (!select) return;
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  say(`As ${select.selectedOptions[0].textContent}`);
  select.form.requestSubmit();
}

const viewOf = (name) => document.querySelector(`[data-list="views"] a[href*="on=${name}"]`)?.click();

function view(list, by = 1) {
  const links = [...document.querySelectorAll(`[data-list="${list}"] a`)];
  const at = links.findIndex((link) => link.hasAttribute('aria-current'));
  links.at((at + by) % links.length)?.click();
}

function nextProblem() {
  const troubled = items().filter((item) => item.querySelector('.finding'));
  const after = troubled.find((item) => items().indexOf(item) > items().indexOf(inHand()));
  take(after ?? troubled[0]);
}

const section = (nth) => {
  const parts = [...document.querySelectorAll('#desk .part[data-section]')];
  const part = parts[nth - 1];
  if (part) move(`section ${part.dataset.section}`);
};

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
  ['Enter', 'Ctrl+Enter', 'Approve, or submit', () => (desk()?.querySelector('[data-act="approve"]') ? open('approve') : desk()?.querySelector('[data-key="submit"]')?.click())],
];

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
  if (/^[1-9]$/.test(event.key)) return section(Number(event.key));
  const found = KEYS.find(([key]) => key === event.key);
  if (!found) return;
  event.preventDefault();
  found[2]();
});

/** The list of keys, for the dialog behind "?". */
function listKeys() {
  const list = document.getElementById('key-list');
  if (!list || list.childElementCount > 0) return;
  const rows = [
    ...KEYS.map(([key, words]) => [/[A-Z]/.test(key) ? `Shift+${key}` : key.toUpperCase(), words]),
    ['1–9', 'To the first to ninth section'],
    ...WITH_CONTROL.map(([, keys, words]) => [keys, words]),
  ];
  for (const [keys, words] of rows) {
    const row = document.createElement('div');
    const [name, what] = [document.createElement('dt'), document.createElement('dd')];
    name.textContent = keys;
    what.textContent = words;
    row.append(name, what);
    list.append(row);
  }
}

/** How long until press, by the clock of the server: what the page said when it came, and the time since. */
const came = { at: Date.now(), now: Number(desk()?.dataset.now) };
function tick() {
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

/** What is typed is kept in the browser until it has been saved: by the edition and the box. */
const draftKey = (box) => `draft ${location.pathname} ${box.id}`;
const boxes = () => document.querySelectorAll('#desk .words :is(input[type="text"], textarea)');

addEventListener('input', ({ target }) => {
  if (target.closest?.('#desk .words')) {
    localStorage.setItem(draftKey(target), target.value);
    clearTimeout(typing.timer);
    typing.timer = setTimeout(() => follow(target.form), DEBOUNCE_MS);
  }
  if (target.id === 'find') find(target.value);
});

/** The mail follows what is typed, before it is saved: the answer to the last question alone is shown. */
const DEBOUNCE_MS = 250;
const typing = { timer: 0, question: null };
async function follow(form) {
  typing.question?.abort();
  typing.question = new AbortController();
  const words = new URLSearchParams(new FormData(form));
  words.set('item', form.closest('.item')?.dataset.item ?? '');
  try {
    const url = desk().dataset.typed + location.search;
    const answer = await fetch(url, { method: 'POST', body: words, signal: typing.question.signal });
    if (!answer.ok) return;
    const { subject, preheader, document: html, text } = await answer.json();
    const pane = document.querySelector('.desk-preview');
    pane.querySelector('.inbox-subject').textContent = subject;
    pane.querySelector('.inbox-preheader').textContent = preheader;
    const [frame, plain] = [pane.querySelector('iframe'), pane.querySelector('.plain')];
    if (frame) frame.srcdoc = html;
    if (plain) plain.textContent = text;
  } catch (error) {
    if (error.name !== 'AbortError') say('The preview could not follow');
  }
}

function restoreDrafts() {
  for (const box of boxes()) {
    const draft = localStorage.getItem(draftKey(box));
    if (draft === null) continue;
    if (draft === box.defaultValue) localStorage.removeItem(draftKey(box)); // it has been saved
    else if (box.value !== draft) {
      box.value = draft;
      box.closest('.item-words').open = true;
    }
  }
}

function find(words) {
  const wanted = words.trim().toLowerCase();
  for (const row of document.querySelectorAll('#desk .addables > li'))
    row.hidden = wanted !== '' && !row.textContent.toLowerCase().includes(wanted);
}

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
  current = dragged.dataset.item;
  form.requestSubmit();
});

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
  if (item && item.dataset.item !== current) take(item, { focus: false });
});
document.addEventListener('htmx:after:swap', ready);
setInterval(tick, 5000);
ready();
