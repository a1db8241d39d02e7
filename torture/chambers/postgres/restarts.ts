import { setTimeout as wait } from 'node:timers/promises';
import type { Going } from '../../machine/cluster.ts';
import type { Place } from '../../machine/place.ts';
import { spread } from '../../report.ts';
import type { Result, Wish } from '../chamber.ts';
import { whileUnderWay } from './under-way.ts';

const WAYS: Going[] = ['fast', 'immediate', 'kill'];
const AGAIN_WITHIN_SECONDS = 30;

/** Stops Postgres at random moments, in three ways by turns, and starts it again. */
export function restarts(place: Place, wish: Wish): Promise<Result> {
  return whileUnderWay(place, wish, 'restarts', async ({ cluster, keepBusy, untilSent }) => {
    const again: number[] = [];
    for (let nth = 0; nth < wish.restarts; nth++) {
      await keepBusy();
      await wait(place.random.between(100, 2000));
      const began = performance.now();
      await cluster.down(WAYS[nth % WAYS.length] as Going);
      await cluster.up();
      const up = (performance.now() - began) / 1000;
      again.push(up + (await untilSent()));
      if (nth % 10 === 9) place.say(`${nth + 1} of ${wish.restarts} restarts of Postgres`);
    }
    const seconds = spread(again);
    const late = (seconds?.worst ?? 0) > AGAIN_WITHIN_SECONDS;
    return {
      measured: { restarts: wish.restarts, sending_again_seconds: seconds },
      wrong: late ? [`sending again only after ${seconds?.worst} s`] : [],
    };
  });
}
