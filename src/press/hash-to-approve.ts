import { createHash } from 'node:crypto';
import { hashContent } from '../editions/content.ts';
import type { Edition } from '../editions/edition.ts';
import type { EditionModel } from '../editions/model.ts';
import { TEMPLATE_VERSION } from '../messages/render/template.ts';

/** Who gets an edition, as a rule: what an approval binds to beside the content. Change it where the rule is changed. */
const AUDIENCE_RULE = 'everybody with a right to it whom no hold keeps, by their chosen rhythm; 1';

/** The rule of who gets an edition of a kind. */
export const audienceRuleOf = ({ kind }: Pick<Edition, 'kind'>): string => `${kind}: ${AUDIENCE_RULE}`;

/** The hash of what is approved: the content, the version of the templates, and the rule of who gets it (SHA-256, hexadecimal). */
export const hashToApprove = (edition: Pick<Edition, 'kind'>, model: EditionModel): string =>
  createHash('sha256')
    .update([hashContent(model), TEMPLATE_VERSION, audienceRuleOf(edition)].join('\n'))
    .digest('hex');
