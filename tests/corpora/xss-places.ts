import { SetClock } from '../../src/clock.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { silentLog } from '../../src/log.ts';
import type { Mailbox } from '../../src/mailbox/mailbox.ts';
import { archivePage } from '../../src/messages/archive.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import { createApp } from '../../src/web/app.ts';
import { modelImage, modelItem, sampleEdition } from '../support/edition-model.ts';
import type { Shown } from './xss.ts';

const KEY = 'a key for scoring, long enough to be one';

/** An edition that says the payload wherever a story or a reader may put words. */
function hostileModel(payload: string): EditionModel {
  const words = { headline: payload, byline: payload, summary: payload, section: payload };
  const image = modelImage({ alt: payload, caption: payload, credit: payload });
  const { model } = sampleEdition();
  return {
    ...model,
    subject: payload,
    preheader: payload,
    editors_line: payload,
    lead: modelItem({ ...words, image }),
    top: [modelItem({ ...words, image, related: { headline: payload, url: 'https://dome.test/related' } })],
    sections: [{ name: payload, items: [modelItem(words)] }],
    briefs: [modelItem(words)],
    comment: { author_name: payload, text: payload, headline: payload, url: 'https://dome.test/comment' },
  };
}

/** The payload in the mail itself, without the frame that a preview puts round it. */
export async function showMail(payload: string): Promise<Shown> {
  const plate = await makePlate(hostileModel(payload), 'strip-top');
  const { blanks } = sampleEdition();
  return {
    body: fillPlate(plate, { ...blanks, first_name: payload, why: payload, strip_text: payload }).html,
  };
}

/** The payload on the archive page of an edition. */
export function showArchive(payload: string): Shown {
  return { body: `<!doctype html><title>x</title>${archivePage(hostileModel(payload))}` };
}

/** The payload as the HTML of somebody's mail, as the mailbox shows it. */
export async function showInMailbox(payload: string): Promise<Shown> {
  const mailbox = { read: async () => ({ html: payload }) } as unknown as Mailbox;
  const app = createApp({
    db: undefined as never, // this page asks no database
    clock: new SetClock('2026-11-23T10:00:00Z'),
    log: silentLog(),
    links: createLinks([KEY], 'https://news.dome.test'),
    enqueue: async () => {},
    fetch: (url) => Promise.reject(new Error(`a page asked for ${url}`)),
    config: { PUBLIC_URL: 'https://news.dome.test', TRUST_PROXY: false, SECRET_KEY: [KEY] },
    mailbox,
  });
  const response = await app.request('/mailbox/1/document');
  return { body: await response.text(), headers: Object.fromEntries(response.headers), as_it_came: true };
}
