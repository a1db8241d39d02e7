import { wrap } from '../words/wrap.ts';
import { type EmailName, emailTemplates } from './template.ts';
import { requireWellFormed } from './well-formed.ts';

/** An e-mail made up, or with stand-ins for its blanks. */
export type Rendered = { subject: string; html: string; text: string };

/**
 * Makes up an e-mail: Handlebars first, then MJML, which never sees a template and whose output none is run over.
 * Throws where the view lacks a field, the markup is not well-formed, or MJML does not know a tag.
 */
export async function renderEmail(name: EmailName, view: object): Promise<Rendered> {
  const templates = emailTemplates(name);
  return {
    subject: templates.subject(view).trim(),
    html: await toHtml(templates.mjml(view), `templates/email/${name}/body.mjml`),
    text: toText(templates.text(view)),
  };
}

async function toHtml(mjml: string, place: string): Promise<string> {
  // An equals sign is safe within quotes, and a long link has many; a quote is not: htmlnano may turn quotes around.
  const source = mjml.replaceAll('&#x3D;', '=');
  requireWellFormed(source, place);
  // takes half a second, which most commands need not spend
  const { default: mjml2html } = await import('mjml');
  const { html } = await mjml2html(source, {
    validationLevel: 'strict',
    ignoreIncludes: true,
    fonts: {},
    keepComments: false,
    minify: true,
    minifyOptions: { minifyCss: false },
  });
  return html.replace(WHITE_PREHEADER, (hidden) => hidden.replace('#ffffff', PREHEADER_INK));
}

/** MJML hides the preheader, and writes it in white besides: spam filters take words of the colour of the paper for deceit. */
const WHITE_PREHEADER = /<div style="display:none;font-size:1px;color:#ffffff;/;
const PREHEADER_INK = '#333333';

/** One empty line at most, no line wider than 72 columns, a newline at the end. */
function toText(text: string): string {
  return `${wrap(text.trim().replace(/\n{3,}/g, '\n\n'))}\n`;
}
