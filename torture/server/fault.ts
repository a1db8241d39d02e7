/** Where in a session a fault may strike: before the server's own answer; `BODY` once some of the message is there, `DOT` at its end. */
export type Verb = 'CONNECT' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'BODY' | 'DOT' | 'RSET' | 'QUIT';

/**
 * What the server does instead of answering: a reply of its own (and closes after 421), or `drop` the connection, `stall`
 * for good, `trickle` a byte a second, speak `garbage`, shut its own side (`half-open`); `hold` waits until it is released
 * and then goes on as if nothing had been.
 */
export type Fault = { reply: string } | 'drop' | 'stall' | 'trickle' | 'garbage' | 'half-open' | 'hold';

/** When a fault strikes. What is not given does not matter. */
export type Rule = {
  verb: Verb;
  fault: Fault;
  /** Only deliveries (before MAIL: only occasions) whose number is a multiple of this. */
  each?: number;
  /** The first time for each delivery, not again. */
  once?: boolean;
  /** From the so many-th occasion on. */
  from?: number;
  /** So many times in all. */
  times?: number;
};

/** One occasion: the verb, and the delivery in hand where there is one yet, as the return path names it. */
type Occasion = { verb: Verb; delivery: { name: string; seq: number } | undefined };

/** Decides, by the rules in force, what strikes on each occasion, and tells how often each verb was struck. */
export function createScript() {
  let rules: Rule[] = [];
  let met = new Set<string>();
  const occasions = new Map<Verb, number>();
  const struck = new Map<Rule, number>();

  const applies = (rule: Rule, { verb, delivery }: Occasion, nth: number): boolean => {
    if (rule.verb !== verb || nth < (rule.from ?? 1)) return false;
    if ((struck.get(rule) ?? 0) >= (rule.times ?? Infinity)) return false;
    if ((delivery?.seq ?? nth) % (rule.each ?? 1) !== 0) return false;
    return !(rule.once && delivery && met.has(`${verb} ${delivery.name}`));
  };
  return {
    play(next: Rule[]): void {
      rules = next;
      met = new Set();
      occasions.clear();
      struck.clear();
    },
    strike(occasion: Occasion): Fault | undefined {
      const nth = (occasions.get(occasion.verb) ?? 0) + 1;
      occasions.set(occasion.verb, nth);
      const rule = rules.find((one) => applies(one, occasion, nth));
      if (!rule) return undefined;
      struck.set(rule, (struck.get(rule) ?? 0) + 1);
      if (rule.once && occasion.delivery) met.add(`${occasion.verb} ${occasion.delivery.name}`);
      return rule.fault;
    },
    /** How often a fault struck since the rules were given. */
    strikes: (): number => [...struck.values()].reduce((sum, times) => sum + times, 0),
  };
}

export type Script = ReturnType<typeof createScript>;
