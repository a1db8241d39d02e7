// What is typed is kept until it is saved, and the mail follows it; candidates are found by their words.

import { desk, say } from './desk-page.js';

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

export function restoreDrafts() {
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
