import { type Findings, failures } from '../checker/check.ts';
import type { Place } from '../machine/place.ts';
import type { LaneName } from '../machine/worker.ts';

/** How senders are to work, and what their server offers. */
export type Manner = {
  connections: number;
  policy: 'resend_once' | 'never';
  journal: boolean;
  lane: LaneName;
  /** Whether the server takes messages in chunks (RFC 3030). */
  chunking: boolean;
};

/** What the command was asked for. */
export type Wish = Manner & {
  kills: number;
  restarts: number;
  tries: number;
  messages: number;
  days: number;
  /** Random lives, of trials and of readers. */
  lives: number;
  /** The folder of archived feeds that a month of readers is lived through; without it, drafts. */
  feeds: string | undefined;
};

/** What one chamber measured: what the checker found, what else it counted, and why it failed, if it did. */
export type Result = {
  kills: number;
  findings: Findings[];
  measured: Record<string, unknown>;
  failures: string[];
};

/** One kind of torture. */
export type Chamber = { about: string; run(place: Place, wish: Wish): Promise<Result> };

/** The result of a chamber in which the checker looked once. */
export function resultOf(
  findings: Findings,
  {
    kills = 0,
    measured = {},
    wrong = [],
  }: { kills?: number; measured?: Record<string, unknown>; wrong?: string[] } = {},
): Result {
  return { kills, findings: [findings], measured, failures: [...failures(findings), ...wrong] };
}

/** Several results as one. */
export function joined(results: Result[]): Result {
  return {
    kills: results.reduce((sum, { kills }) => sum + kills, 0),
    findings: results.flatMap(({ findings }) => findings),
    measured: Object.assign({}, ...results.map(({ measured }) => measured)),
    failures: results.flatMap(({ failures }) => failures),
  };
}
