import { webAddress } from '../words/web-address.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';
import { type PastEdition, pastEditions } from './looking-back.ts';

/** `is_last`: no other letter of the kind will follow. `price` is words: "$29 a month". */
export type WinBackData = LetterData & {
  latest: PastEdition[];
  subscribe_url: string;
  price: string | null;
  is_last: boolean;
};

/** Asks a reader whose trial ended a while ago, and who agreed to be asked, whether they want it back (M9). */
export function winBackLetter(data: WinBackData): Promise<LetterContent> {
  return renderLetter('win-back', data, {
    preheader: 'A look at what we have covered since.',
    latest: pastEditions(data.latest, data.publication),
    subscribe_url: webAddress(data.subscribe_url, 'subscribe_url'),
    price: data.price,
    is_last: data.is_last,
  });
}
