import type { Program } from '../program.ts';

/** Something that comes from outside at an instant of a rehearsal: a reader signs up, mail comes back. */
export type Act = { at: Temporal.Instant; happen(program: Program): Promise<void> };
