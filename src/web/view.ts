import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';

const FOLDER = join(import.meta.dirname, '../../templates/web');

type Template = (data: object) => string;

/** Every page's template by name, compiled at its first use; `parts` are shared between pages. */
const templates = new Map<string, Template>();
const handlebars = Handlebars.create();

for (const file of globSync('parts/*.hbs', { cwd: FOLDER }))
  handlebars.registerPartial(basename(file, '.hbs'), readFileSync(join(FOLDER, file), 'utf8'));

/** Fills `templates/web/<name>.hbs`. A value that the template names and `data` lacks is an error, not a blank. */
export function render(name: string, data: object): string {
  let template = templates.get(name);
  if (!template) {
    const source = readFileSync(join(FOLDER, `${name}.hbs`), 'utf8');
    template = handlebars.compile(source, { strict: true, preventIndent: true }) as Template;
    templates.set(name, template);
  }
  return template(data);
}
