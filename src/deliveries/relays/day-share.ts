import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import { againWhenLost } from '../ledger/again.ts';
import { giveBackToDay, takeOfDay } from './relay-day.ts';
import type { WarmUp } from './settings.ts';
import { allowanceOn, dayOf, endOfDay } from './warm-up.ts';

/** This worker's part of a relay's allowance for the day. Only `want` and `close` ask the database. */
export type DayShare = {
  /** How many more messages this worker may give the relay now, of what it has taken. */
  left(): number;
  /** As `left`, after taking a further piece where less than `count` is left. */
  want(count: number): Promise<number>;
  /** Counts one message as given to the relay; returns what `giveBack` needs if it was not given after all. */
  use(): Today;
  giveBack(day: Today): void;
  /** Gives back what was taken and not used. */
  close(): Promise<void>;
};

/** A day of a plan, and what this worker has of it. */
export type Today = {
  day: Temporal.PlainDate;
  ends_ms: number;
  allowance: number;
  left: number;
  spent: boolean;
};

/** A twentieth of the day's allowance at a time, so that what a killed worker had taken is little. */
const PIECES = 20;
const LARGEST_PIECE = 500;

/** This worker's part of the days of `relay`, by its plan. */
export function openDayShare(
  db: Db,
  { relay, plan, clock }: { relay: string; plan: WarmUp; clock: Clock },
): DayShare {
  let today = dawn(plan, clock.now());
  const turn = (): Today => {
    const now = clock.now();
    if (now.epochMilliseconds >= today.ends_ms) today = dawn(plan, now);
    return today;
  };
  return {
    left: () => turn().left,
    async want(count) {
      const on = turn();
      if (on.left < count && !on.spent) await takePiece(db, { relay, on, least: count - on.left });
      return turn().left;
    },
    use() {
      today.left--;
      return today;
    },
    giveBack(day) {
      day.left++;
    },
    async close() {
      const { day, left } = today;
      if (!Number.isFinite(left) || left <= 0) return;
      today.left = 0;
      await giveBackToDay(db, { relay, day }, left);
    },
  };
}

/** A day on which nothing has been taken yet. */
function dawn(plan: WarmUp, now: Temporal.Instant): Today {
  const day = dayOf(now);
  const allowance = allowanceOn(plan, day);
  const isWarm = !Number.isFinite(allowance);
  return {
    day,
    ends_ms: endOfDay(now).epochMilliseconds,
    allowance,
    left: isWarm ? Number.POSITIVE_INFINITY : 0,
    spent: isWarm,
  };
}

async function takePiece(
  db: Db,
  { relay, on, least }: { relay: string; on: Today; least: number },
): Promise<void> {
  const { day, allowance } = on;
  const wanted = Math.max(least, Math.min(LARGEST_PIECE, Math.ceil(allowance / PIECES)));
  const granted = await againWhenLost(() => takeOfDay(db, { relay, day }, { wanted, allowance }));
  on.left += granted;
  on.spent = granted < wanted;
}
