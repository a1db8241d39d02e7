import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A message that arrived at the mail server, as its log has it, told apart by what its return path says. */
export type Seen = {
  run_id: number | null;
  seq: number | null;
  at: number;
  began: number;
  to: string;
  answer: string;
  message_id: string;
  name: string;
  addresses: string[];
  readers: number[];
  body_hash: string;
};

/** Return paths are `bounce+key-run-place-signature@…`, run and place in base 36. */
const RETURN_PATH = /^bounce\+[0-9a-f]+-([0-9a-z]+)-([0-9a-z]+)-[0-9a-f]+@/;

/** The messages of a server's log in their order; throws at a line that is none, but for a last one torn by a kill. */
export async function* readLog(path: string): AsyncGenerator<Seen> {
  let torn: string | undefined;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (torn !== undefined) throw new Error(`${path} has a line that is no message: ${torn.slice(0, 100)}`);
    if (line === '') continue;
    const seen = parse(line);
    if (seen) yield seen;
    else torn = line;
  }
}

function parse(line: string): Seen | undefined {
  try {
    const { from, ...said } = JSON.parse(line) as Seen & { from: string };
    const [, run, seq] = RETURN_PATH.exec(from) ?? [];
    const number = (text: string | undefined) => (text === undefined ? null : Number.parseInt(text, 36));
    return { ...said, run_id: number(run), seq: number(seq) };
  } catch {
    return undefined;
  }
}
