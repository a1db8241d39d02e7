import { HtmlValidate } from 'html-validate';

/** What clients need and a validator of pages does not like; a rule may leave this list, none may join it without a reason. */
const ALLOWED = {
  'doctype-style': 'MJML writes it in small letters',
  'no-conditional-comment': 'Outlook for Windows is laid out by them',
  'no-inline-style': 'Gmail drops style sheets from some accounts',
  'prefer-native-element': 'clients drop <article>, and keep role',
  'no-deprecated-attr': 'Outlook for Windows reads align, width and bgcolor',
  'long-title':
    'it counts an apostrophe as the six characters it is written in; the judge of a mail counts them',
  'attribute-allowed-values': 'MJML writes height="auto" on pictures',
};
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: Object.fromEntries(Object.keys(ALLOWED).map((rule) => [rule, 'off'])),
});

/** What html-validate finds wrong with the HTML of a mail, beyond what clients need. */
export async function htmlFaults(html: string): Promise<{ rule: string; says: string }[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => ({
      rule: ruleId,
      says: `${line}:${column} ${ruleId}: ${message}`,
    })),
  );
}
