import { Hono } from 'hono';
import { sampleMail } from '../../deliveries/mail/sample-mail.ts';
import { requireEdition } from '../../editions/edition.ts';
import { readProjected } from '../../editions/project.ts';
import { notFound } from '../../errors.ts';
import { type Preview, previewEdition } from '../../press/preview.ts';
import { routes } from '../../routes.ts';
import type { Env } from '../site.ts';
import { idIn } from './id-in.ts';
import { requireStaff } from './member.ts';
import { shownIn } from './preview-pane.ts';
import { noteLook } from './reader-look.ts';

/** An edition to be taken away as one reader gets it: the whole mail, its HTML or its text. */
export const download = new Hono<Env>();

type Form = {
  type: string;
  write: (preview: Preview, now: Temporal.Instant) => string | Uint8Array<ArrayBuffer>;
};

const FORMS: Record<string, Form> = {
  eml: {
    type: 'message/rfc822',
    write: ({ plate, publication, blanks }, at) =>
      new Uint8Array(sampleMail(plate, publication, { at, blanks })),
  },
  html: { type: 'text/html; charset=utf-8', write: ({ message }) => message.html },
  txt: { type: 'text/plain; charset=utf-8', write: ({ message }) => message.text },
};

download.get(routes.deskDownload, async (c) => {
  const staff = await requireStaff(c);
  const { db, clock, links, config } = c.var.site;
  const id = idIn(c, 'id');
  const name = c.req.param('form');
  const form = FORMS[name];
  if (!form) throw notFound(`no form ${name} of a mail; there is ${Object.keys(FORMS).join(', ')}`);
  const { as, reader } = shownIn(c);
  await noteLook(c, staff, `edition ${id}`);
  const now = clock.now();
  const edition = await requireEdition(db, id);
  const preview = await readProjected(db, edition, { now }, (db) =>
    previewEdition(db, id, reader === null ? { persona: as } : { subscriber_id: reader }, {
      ...{ now, links, public_url: config.PUBLIC_URL },
    }),
  );
  const file = `${preview.publication.slug}-${edition.edition_on}.${name}`;
  return c.body(form.write(preview, now), 200, {
    'content-type': form.type,
    'content-disposition': `attachment; filename="${file}"`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  });
});
