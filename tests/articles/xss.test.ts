import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scoreXss } from '../corpora/xss.ts';
import { showArchive, showInMailbox, showMail } from '../corpora/xss-places.ts';

const PAYLOADS = fileURLToPath(new URL('../fixtures/xss.json', import.meta.url));

test('nothing of a hostile article runs in a browser', async () => {
  const { of, failing } = await scoreXss(PAYLOADS);
  assert.deepEqual(failing, []);
  assert.ok(of >= 15);
});

for (const [place, show] of Object.entries({
  'the mail': showMail,
  'the archive': showArchive,
  'the mailbox': showInMailbox,
})) {
  test(`nothing of hostile words runs in ${place}`, async () => {
    assert.deepEqual((await scoreXss(PAYLOADS, show)).failing, []);
  });
}

test('the browser would have noticed: without the sanitiser every payload runs', async () => {
  const { right, failing } = await scoreXss(PAYLOADS, (payload) => ({
    body: `<!doctype html><article>${payload}</article>`,
  }));
  assert.equal(right, 0, failing.join('\n'));
});
