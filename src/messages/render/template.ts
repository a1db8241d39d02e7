import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';

/** The e-mails there are: the folders of `templates/email` but `parts`. */
export type EmailName =
  | 'edition'
  | 'confirm'
  | 'welcome'
  | 'trial-value'
  | 'trial-midway'
  | 'trial-ending'
  | 'trial-ended'
  | 'trial-extended'
  | 'converted'
  | 'win-back'
  | 'paused'
  | 'resumed'
  | 'address-failing'
  | 'group-request'
  | 'invoice-request'
  | 'desk-call'
  | 'sign-in'
  | 'new-password'
  | 'password-changed'
  | 'address-approve'
  | 'address-confirm'
  | 'address-changed';
type Template = (view: object) => string;
type EmailTemplates = { subject: Template; mjml: Template; text: Template };

const EMAIL = join(import.meta.dirname, '../../../templates/email');
const WEB = join(import.meta.dirname, '../../../templates/web');
/** A missing field throws, no helper is looked up at run time, and prototypes stay closed (the default). */
const STRICT = { strict: true, knownHelpersOnly: true, preventIndent: true };

const markup = Handlebars.create();
const plain = Handlebars.create();
// A part of markup may stand within a line, so the newline that closes its file is no part of it.
for (const path of globSync('parts/*.mjml', { cwd: EMAIL }))
  markup.registerPartial(basename(path, '.mjml'), read(EMAIL, path).trimEnd());
for (const path of globSync('parts/edition-*.hbs', { cwd: WEB }))
  markup.registerPartial(basename(path, '.hbs'), read(WEB, path).trimEnd());
for (const path of globSync('parts/*.txt.hbs', { cwd: EMAIL }))
  plain.registerPartial(basename(path, '.txt.hbs'), read(EMAIL, path));

const compiled = new Map<EmailName, EmailTemplates>();

/** The templates of an e-mail, read and compiled once. */
export function emailTemplates(name: EmailName): EmailTemplates {
  const known = compiled.get(name);
  if (known) return known;
  const templates = {
    subject: compilePlain(read(EMAIL, `${name}/subject.hbs`)),
    mjml: markup.compile(read(EMAIL, `${name}/body.mjml`), STRICT) as Template,
    text: compilePlain(read(EMAIL, `${name}/body.txt.hbs`)),
  };
  compiled.set(name, templates);
  return templates;
}

/** The body of an edition's page: `templates/web/parts/edition-body.hbs`. */
export const editionPage: Template = markup.compile(read(WEB, 'parts/edition-body.hbs'), STRICT);

/** What stands between head and foot of it: `templates/web/parts/edition-stories.hbs`. */
export const editionStories: Template = markup.compile(read(WEB, 'parts/edition-stories.hbs'), STRICT);

/** Tells the templates of an edition from any others: the first 16 hex digits of SHA-256 over their files. */
export const TEMPLATE_VERSION: string = globSync('{edition,parts}/*.{mjml,hbs}', { cwd: EMAIL })
  .sort()
  .reduce((hash, path) => hash.update(`${path}\0${read(EMAIL, path)}\0`), createHash('sha256'))
  .digest('hex')
  .slice(0, 16);

function compilePlain(source: string): Template {
  return plain.compile(source, { ...STRICT, noEscape: true });
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}
