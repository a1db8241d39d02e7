import { once } from 'node:events';
import pg from 'pg';
import type { Ledger } from '../../checker/check.ts';
import { closeGate } from '../../machine/gate.ts';
import { settingsFor } from '../../machine/order.ts';
import { command, type Point } from './point.ts';

/** A table of a migration was created and the migration has not come to its end; an empty database is brought up again. */
export const inAMigration: Point = {
  about: 'in a migration',
  must: { migrated_again: true, same_schema: true },
  async run(scene) {
    const empty = await scene.place.newLedger('template0');
    const env = settingsFor(empty, scene.server.url, scene.place.folder);
    const gate = await closeGate(empty, 'ddl');
    const child = command(scene, ['migrate'], env);
    const ended = once(child, 'exit');
    await gate.reached();
    child.kill('SIGKILL');
    await ended;
    scene.killed.push({ at: performance.timeOrigin + performance.now(), held: [] });
    await gate.clear();
    const [code] = await once(command(scene, ['migrate'], env), 'exit');
    const same = JSON.stringify(await columnsOf(empty)) === JSON.stringify(await columnsOf(scene.ledger));
    await scene.newsroom.press();
    return { migrated_again: code === 0, same_schema: same };
  },
};

/** Every column of our tables in words; the partitions of runs are no part of the schema. */
async function columnsOf(ledger: Ledger): Promise<string[]> {
  const client = new pg.Client(ledger);
  await client.connect();
  const { rows } = await client.query(`
    select c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable as said
    from information_schema.columns c
    where c.table_schema = 'public' and c.table_name !~ '_[0-9]+$' order by 1`);
  await client.end();
  return rows.map(({ said }) => said);
}
