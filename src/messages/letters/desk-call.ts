import { words } from '../words/bidi.ts';
import { webAddress } from '../words/web-address.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** What calls the staff to an edition: how it stands, what comes of doing nothing, and what was found. */
export type DeskCall = {
  title_line: string;
  headline: string;
  press_line: string;
  consequence: string;
  findings: { label: string; says: string }[];
  review_url: string;
};

export type DeskCallData = LetterData & DeskCall;

/** Calls one of the staff to the desk (DESK §2). */
export function deskCallLetter(data: DeskCallData): Promise<LetterContent> {
  const { title_line, headline, press_line, consequence, findings, review_url, publication } = data;
  return renderLetter('desk-call', data, {
    preheader: consequence,
    title_line,
    headline: words(headline, publication),
    press_line,
    consequence,
    findings,
    review_url: webAddress(review_url, 'review_url'),
  });
}
