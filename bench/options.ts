import { parseArgs } from 'node:util';

/** What is measured, as given on the command line. */
export type Options = {
  messages: number;
  /** For the variants that take milliseconds a message. */
  slow_messages: number;
  rounds: number;
  connections: number;
  only: string[];
  million: boolean;
  desk: boolean;
  link_ms: number | undefined;
  json: boolean;
};

export const USAGE = `npm run bench [-- options]

  --messages N      for each round of the quick variants (20000)
  --slow-messages N for each round of the others (2000)
  --rounds N        each variant is measured so often, in turn (3)
  --connections N   (4; 16 with --link)
  --only a,b        these variants alone
  --million         a million readers end to end, after 10,000 and 100,000
  --desk            how quickly the desk's preview follows, in a real browser
  --link MS         over a link with so many milliseconds of round trip
  --json            one object instead of a table
`;

/** Reads the options; throws with what is wrong for one that is not there, or no number. */
export function readOptions(argv: string[]): Options | undefined {
  const { values } = parseArgs({
    args: argv,
    options: {
      messages: { type: 'string', default: '20000' },
      'slow-messages': { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string' },
      only: { type: 'string' },
      million: { type: 'boolean', default: false },
      desk: { type: 'boolean', default: false },
      link: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const link_ms = values.link === undefined ? undefined : count('link', values.link);
  return {
    messages: count('messages', values.messages),
    slow_messages: count('slow-messages', values['slow-messages']),
    rounds: count('rounds', values.rounds),
    connections: count('connections', values.connections ?? (link_ms ? '16' : '4')),
    only: values.only?.split(',') ?? [],
    million: values.million,
    desk: values.desk,
    link_ms,
    json: values.json,
  };
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text}; expected a whole number above 0`);
}
