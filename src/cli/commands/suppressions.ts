import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { listSuppressions, type SuppressedReader } from '../../subscribers/suppression.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { withProgram } from '../with-program.ts';

const MOST = 1000;

export const suppressions: Command = {
  about: 'Lists the addresses that are never written to, with the reason and the words it rests on.',
  usage: '[address] [--json]',
  words: 1,
  options: JSON_OPTION,
  run: (args) =>
    withProgram(async ({ program: { db, secret_keys } }) => {
      const [text] = args.words;
      const address_key =
        text === undefined ? undefined : addressKeys(secret_keys, parseAddress(text)).strict;
      const found = await listSuppressions(db, { address_key, limit: MOST });
      print(args, { suppressions: found.map(plain) }, () =>
        found.length === 0 ? 'none' : found.map(describe).join('\n'),
      );
      return 0;
    }),
};

const plain = ({ address, reason, proof, event_id, created_at, released_at }: SuppressedReader) => ({
  address,
  reason,
  proof,
  event_id,
  created_at,
  released_at,
});

const describe = ({ address, reason, proof, created_at, released_at }: SuppressedReader): string =>
  [
    address ?? '(no reader any more)',
    reason,
    `since ${created_at}${released_at ? ` until ${released_at}` : ''}`,
    proof ?? '',
  ].join('  ');
