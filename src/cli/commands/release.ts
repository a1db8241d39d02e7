import { invalid } from '../../errors.ts';
import { releaseSuppression } from '../../events/release.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

export const release: Command = {
  about: 'Lets an address be written to again after it bounced; who did it and why is kept.',
  usage: '<address> --reason "…" [--json]',
  words: 1,
  options: { reason: { type: 'string', about: 'why it works again' }, ...JSON_OPTION },
  run: (args) =>
    withProgram(async ({ program: { db, clock, secret_keys } }) => {
      const [address] = args.words;
      if (address === undefined) throw invalid('no address is named; expected one such as ann@example.org');
      const reason = String(args.options.reason ?? '');
      const released = await releaseSuppression(db, address, {
        now: clock.now(),
        actor: actorHere(),
        reason,
        secretKeys: secret_keys,
      });
      print(
        args,
        { address, was: released.reason, since: released.created_at },
        () => `${address} is released: it was suppressed for ${released.reason}`,
      );
      return 0;
    }),
};
