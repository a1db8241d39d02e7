import { shortDate } from '../words/date-label.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** Readers whose mail comes back, each with since when (ISO date) and why; `more` are not named. */
export type AddressFailingData = LetterData & {
  failing: { reader: string; since: string; reason: string }[];
  more: number;
};

/** Tells the newsroom which readers' addresses have begun to fail (M13). */
export function addressFailingLetter(data: AddressFailingData): Promise<LetterContent> {
  const count = data.failing.length + data.more;
  return renderLetter('address-failing', data, {
    preheader: 'Nothing more is mailed to them until somebody has seen to it.',
    count_label: count === 1 ? 'One address fails' : `${count} addresses fail`,
    failing: data.failing.map(({ reader, since, reason }) => ({
      reader,
      since_label: shortDate(since, data.publication.lang),
      reason,
    })),
    more: data.more > 0 ? data.more : null,
  });
}
