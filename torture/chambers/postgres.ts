import { type Chamber, joined, type Result } from './chamber.ts';
import { limitReached, terminated } from './postgres/connections.ts';
import { diskFull } from './postgres/disk-full.ts';
import { failover } from './postgres/failover.ts';
import { restarts } from './postgres/restarts.ts';

/** Takes Postgres away under editions that go out, in every way there is, and gives it back. */
export const postgres: Chamber = {
  about: 'stops, restarts, fails over and fills Postgres',
  async run(place, wish) {
    const results: Result[] = [];
    for (const harm of [restarts, terminated, limitReached, failover, diskFull]) {
      const result = await harm(place, wish);
      place.say(JSON.stringify(result.measured));
      results.push(result);
    }
    return joined(results);
  },
};
