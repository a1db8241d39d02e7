import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import type { Browser, Page } from 'playwright-core';
import { type Mailbox, openMailbox } from '../../src/mailbox/mailbox.ts';
import { launchBrowser } from '../support/browser.ts';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const HOSTILE = `<html><head><title>x</title><meta http-equiv="refresh" content="0;url=/mailbox"></head>
<body onload="parent.postMessage('ran','*')"><script>top.document.title='ran'</script>
<img src=x onerror="top.document.title='ran'"><svg onload="top.document.title='ran'"></svg>
<iframe src="javascript:top.document.title='ran'"></iframe><object data="/mailbox"></object>
<form action="/dome-daily/trial" method="post"><input name="address" value="a@b.test"><button>Go</button></form>
<style>body{background:#fff7d6}</style><p style="color:#7a0000">Styled words stay.</p>
<a href="javascript:top.document.title='ran'">run</a> <a href="https://dome.test/story?a=1&amp;b=2">A story</a></body></html>`;

const db = await freshDatabase();
await seedPublication(db);
let mailbox: Mailbox;
let site: ReturnType<typeof createSite>;
let browser: Browser;

before(async () => {
  const { clock } = createSite(db);
  mailbox = await openMailbox({ clock });
  site = createSite(db, { mailbox });
  browser = await launchBrowser();
});
after(async () => {
  await browser.close();
  await mailbox.close();
});

const send = async (over: Record<string, unknown> = {}) => {
  const transport = createTransport(mailbox.url);
  await transport.sendMail({
    from: 'Dome Daily <daily@dome.test>',
    to: 'ann@example.org',
    subject: 'CR vote slips <b>to</b> Thursday',
    text: 'Words of the text part',
    html: '<p>Words</p>',
    ...over,
  });
  transport.close();
};

test('an empty mailbox says what will come, and the pages exist only where there is a mailbox', async () => {
  const empty = await (await site.get('/mailbox')).text();
  assert.match(empty, /No mail yet/);
  assert.match(empty, /Nothing leaves this machine/);
  assert.equal((await createSite(db).get('/mailbox')).status, 404);
});

test('the list shows each mail, and a message shows as HTML, text, headers and source', async () => {
  await send();
  await send({ to: 'bob@example.org', subject: 'To Bob', html: undefined });
  const list = await (await site.get('/mailbox')).text();
  assert.match(list, /CR vote slips &lt;b&gt;to&lt;\/b&gt; Thursday/);
  assert.match(list, /two messages|2 messages/);
  assert.match(list, /Mon, Nov 23, 5:00 AM EST/);
  const found = await (await site.get('/mailbox?to=bob')).text();
  assert.match(found, /To Bob/);
  assert.doesNotMatch(found, /CR vote/);
  const part = async (name: string) => (await site.get(`/mailbox/1${name}`)).text();
  assert.match(
    await part(''),
    /<iframe[^>]+src="\/mailbox\/1\/document" sandbox="allow-popups allow-popups-to-escape-sandbox"/,
  );
  assert.match(await part('/text'), /Words of the text part/);
  assert.match(await part('/headers'), /<th scope="row">Message-ID<\/th>/);
  assert.match(await part('/source'), /Content-Type: multipart\/alternative/);
  assert.match(await (await site.get('/mailbox/2')).text(), /This message has no HTML part/);
  const original = await site.get('/mailbox/1/original.eml');
  assert.equal(original.headers.get('content-type'), 'message/rfc822');
  assert.deepEqual(Buffer.from(await original.arrayBuffer()), Buffer.from(await mailbox.raw(1)));
  for (const path of [
    '/mailbox/99',
    '/mailbox/x',
    '/mailbox/1/nothing',
    '/mailbox/2/document',
    '/mailbox/-1',
  ])
    assert.equal((await site.get(path)).status, 404, path);
});

test('the HTML of a message is a document that may run nothing and reach nothing', async () => {
  const { headers } = await site.get('/mailbox/1/document');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(
    policy,
    /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'/,
  );
  assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN');
});

test('a hostile mail runs nothing in a browser, in its page or opened alone, and its styles still show', async () => {
  await send({ subject: 'hostile', html: HOSTILE });
  const { entries } = await mailbox.list();
  const base = await served(site.app);
  const page = await browser.newPage();
  const messages: string[] = [];
  await page.exposeFunction('heard', (text: string) => void messages.push(text));
  await page.addInitScript("addEventListener('message', (e) => heard(String(e.data)))");
  for (const path of [`/mailbox/${entries[0]?.id}`, `/mailbox/${entries[0]?.id}/document`]) {
    await page.goto(`${base}${path}`);
    await page.waitForTimeout(300);
    assert.equal(await page.title(), path.endsWith('document') ? 'x' : 'hostile');
    assert.ok(page.url().endsWith(path), page.url());
  }
  assert.deepEqual(messages, []);
  await page.goto(`${base}/mailbox/${entries[0]?.id}`);
  const frame = page.frameLocator('iframe.mail');
  assert.equal(await frame.locator('p').evaluate((p) => getComputedStyle(p).color), 'rgb(122, 0, 0)');
  assert.deepEqual(
    await page
      .locator('.beside-list a')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href)),
    ['https://dome.test/story?a=1&b=2'],
  );
  await newMailAppears(page, base);
  await page.close();
});

/** The list refreshes by itself, under our own policy. */
async function newMailAppears(page: Page, base: string): Promise<void> {
  const refused: string[] = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  await page.goto(`${base}/mailbox`);
  await send({ subject: 'Just arrived' });
  await page.getByText('Just arrived').waitFor({ timeout: 8000 });
  assert.deepEqual(refused, []);
}
