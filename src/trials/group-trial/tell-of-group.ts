import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Publication } from '../../publications/publication.ts';
import { type GroupRequestDetail, markAsker, requireGroupRequest } from './group-request.ts';
import { tellNewsroom } from './tell-newsroom.ts';

/** Tells the newsroom of a request for a group trial. */
export async function tellOfGroup(
  trx: Db,
  publication: Publication,
  detail: GroupRequestDetail,
  told: { now: Instant; secretKeys: readonly string[] },
): Promise<void> {
  const { id, address } = await requireGroupRequest(trx, detail.group_request_id);
  const asking = { address, letter: 'group-request' as const, anchor: `group request ${id}`, detail };
  await markAsker(trx, id, await tellNewsroom(trx, publication, asking, told));
}
