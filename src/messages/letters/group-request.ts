import { words } from '../words/bidi.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';

/** Who asks for a group: `asker` is their address; `readers` counts them and their colleagues. */
export type GroupRequestData = LetterData & {
  asker: string;
  name: string;
  organisation: string;
  office: string | null;
  readers: number;
  note: string | null;
};

/** Tells the newsroom that somebody asks for a trial for all their colleagues. */
export function groupRequestLetter(data: GroupRequestData): Promise<LetterContent> {
  const { asker, readers, office, note, publication } = data;
  const speak = (text: string) => words(text, publication);
  return renderLetter('group-request', data, {
    preheader: `${data.name} waits for an answer.`,
    asker,
    name: speak(data.name),
    organisation: speak(data.organisation),
    office: office === null ? null : speak(office),
    readers_label: `${readers.toLocaleString('en-US')} readers`,
    note: note === null ? null : speak(note),
  });
}
