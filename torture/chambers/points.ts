import type { Findings } from '../checker/check.ts';
import type { Place } from '../machine/place.ts';
import { type Chamber, joined, type Manner, type Result, resultOf } from './chamber.ts';
import { inAnUnsubscribe } from './points/leave.ts';
import { inAMigration } from './points/migration.ts';
import { type Point, pointScene } from './points/point.ts';
import { beforeTheAudience, inTheFreezing, whileClosing } from './points/press.ts';
import { inBounceIntake } from './points/returned.ts';
import {
  afterTheDot,
  beforeConnecting,
  beforeTheCommit,
  inASigterm,
  inData,
  inSettling,
} from './points/send.ts';
import { twoOnOneBatch } from './points/two-workers.ts';

const POINTS: Point[] = [
  beforeTheAudience,
  inTheFreezing,
  beforeConnecting,
  inData,
  afterTheDot,
  beforeTheCommit,
  inSettling,
  inASigterm,
  whileClosing,
  inBounceIntake,
  inAnUnsubscribe,
  inAMigration,
  twoOnOneBatch,
];

/** SIGKILL at each named point, on an edition of its own; then the rest runs to its end. */
export const points: Chamber = {
  about: 'kills processes at named points',
  run: (place, wish) => killAtPoints(place, wish, POINTS),
};

/** As the chamber, at these points only. */
export async function killAtPoints(place: Place, wish: Manner, which: Point[]): Promise<Result> {
  const seen: Record<string, unknown> = {};
  const results: Result[] = [];
  for (const point of which) {
    const scene = await pointScene(place, wish);
    const proof = await point.run(scene);
    await scene.server.play([]);
    await scene.finish();
    const { killed } = scene;
    const findings: Findings = await scene.judge();
    seen[point.about] = { ...proof, doubled: findings.doubled, unknown: findings.unknown };
    place.say(`${point.about}: ${JSON.stringify(seen[point.about])}`);
    const result = resultOf(findings, { kills: killed.length, wrong: contradictions(point, proof) });
    results.push({ ...result, failures: result.failures.map((one) => `${point.about}: ${one}`) });
  }
  return { ...joined(results), measured: { points: seen } };
}

/** A point says itself what must be so. */
const contradictions = ({ must }: Point, proof: Record<string, unknown>): string[] =>
  Object.entries(must)
    .filter(([name, value]) => JSON.stringify(proof[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${name} is ${JSON.stringify(proof[name])} instead of ${JSON.stringify(value)}`);
