import { makeSignInSecret } from '../accounts/signing-in/secret.ts';
import { addStaff, listStaff } from '../accounts/staff/staff.ts';
import type { Program } from '../program.ts';
import { path, routes } from '../routes.ts';
import { parseAddress } from '../subscribers/address.ts';
import { requireSubscriber } from '../subscribers/subscriber.ts';

/** Who works at the desk of the sample newsroom. */
const EDITOR = { name: 'Rosalind', address: 'rosalind@dome-daily.test', role: 'admin' } as const;

/** A link that signs in to the desk of a newsroom on this machine, once and for a quarter of an hour; its one editor is added where nobody is. */
export async function deskLink({ db, clock, config, public_url }: Program): Promise<string> {
  const told = { now: clock.now(), secretKeys: config.SECRET_KEY };
  const [known] = await listStaff(db);
  const member =
    known ??
    (await addStaff(
      db,
      { ...EDITOR, address: parseAddress(EDITOR.address) },
      { ...told, actor: 'the first start' },
    ));
  const { address_key } = await requireSubscriber(db, member.subscriber_id);
  const token = await makeSignInSecret(db, address_key, { ...told, publicUrl: public_url });
  return `${public_url}${path(routes.signInLink, { token })}?${new URLSearchParams({ next: routes.desk })}`;
}
