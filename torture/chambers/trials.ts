import fc from 'fast-check';
import { connect } from '../../src/db/connect.ts';
import { messageOf } from '../../src/errors.ts';
import { seedPublication } from '../../tests/support/cast.ts';
import { anyLife, liveThrough } from '../../tests/support/trial-life.ts';
import { TRIAL_RACES } from '../../tests/support/trial-races.ts';
import type { Place } from '../machine/place.ts';
import type { Chamber, Result, Wish } from './chamber.ts';

const CLIENTS = 200;
const CONNECTIONS = 150;
const AT_ONCE = 8;

/** Random lives of trials through the machine and the database at once, and what may happen at once, at 200 clients. */
export const trials: Chamber = {
  about: 'drives random lives of trials, and races',
  async run(place: Place, { lives }: Wish): Promise<Result> {
    const db = connect(await place.newLedger(), CONNECTIONS);
    try {
      const publication = await seedPublication(db);
      const failures: string[] = [];
      const check = (what: string, work: Promise<void>) =>
        work.catch((error) => void failures.push(`${what}: ${messageOf(error)}`));
      for (const [name, race] of Object.entries(TRIAL_RACES))
        await check(name, race({ db, publication, clients: CLIENTS }));
      const drawn = fc.sample(anyLife, { numRuns: lives, seed: place.random.between(0, 2 ** 31 - 1) });
      let lived = 0;
      const live = async () => {
        for (let events = drawn.pop(); events; events = drawn.pop()) {
          await check(JSON.stringify(events), liveThrough(db, publication, events));
          if (++lived % 1000 === 0) place.say(`${lived} of ${lives} lives`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, live));
      const measured = { trials: { races: Object.keys(TRIAL_RACES).length, clients: CLIENTS, lives: lived } };
      return { kills: 0, findings: [], measured, failures };
    } finally {
      await db.destroy();
    }
  },
};
