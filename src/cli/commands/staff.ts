import { forgetSecondFactor } from '../../accounts/staff/second-factor.ts';
import { addStaff, endStaff, listStaff, type Role } from '../../accounts/staff/staff.ts';
import { invalid, notFound } from '../../errors.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { type Arguments, type Command, JSON_OPTION, print } from '../command.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

const ROLES: Role[] = ['editor', 'approver', 'admin'];

export const staff: Command = {
  about: 'Lists who works at the desk, gives a place there, takes one away, or forgets a lost second factor.',
  usage:
    '[add <address> --name "…" --role editor|approver|admin | end <address> | forget-factor <address>] [--json]',
  words: 2,
  options: {
    name: { type: 'string', about: 'the name that edits and approvals are signed with' },
    role: { type: 'string', about: 'editor, approver or admin', default: 'editor' },
    reason: { type: 'string', about: 'why the place is taken away' },
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program: { db, clock, config } }) => {
      const told = { now: clock.now(), actor: actorHere(), secretKeys: config.SECRET_KEY };
      const [verb, address] = args.words;
      if (verb === 'add') await addStaff(db, placeOf(args), told);
      else if (verb === 'end' || verb === 'forget-factor') {
        const member = (await listStaff(db)).find((one) => one.address === parseAddress(address ?? '').text);
        if (!member) throw notFound(`${address} has no place at the desk`);
        if (verb === 'end')
          await endStaff(db, member.id, { ...told, reason: String(args.options.reason ?? '') || null });
        else if (!(await forgetSecondFactor(db, member.subscriber_id)))
          throw notFound(`${address} has no second factor set up`);
      } else if (verb !== undefined) throw invalid(`"${verb}"; expected add, end or forget-factor`);
      const members = await listStaff(db);
      print(
        args,
        { staff: members },
        () => members.map((one) => `${one.name}  ${one.role}  ${one.address}`).join('\n') || 'nobody',
      );
      return 0;
    }),
};

function placeOf({ words, options }: Arguments) {
  const role = ROLES.find((one) => one === options.role);
  if (!role) throw invalid(`--role "${options.role}"; expected ${ROLES.join(', ')}`);
  const name = String(options.name ?? '').trim();
  if (name === '') throw invalid('--name is missing; expected the name that edits are signed with');
  return { address: parseAddress(words[1] ?? ''), name, role };
}
