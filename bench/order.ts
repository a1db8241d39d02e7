import type { Signing } from './signing.ts';

/** How the messages of one round are sent: composed each by Nodemailer, or by one of our lanes. */
export type Variant = 'composed' | 'plain' | 'fast';

/** What a sender process is told: where, what, and how. `port`: of the mail server; `depth`: chunks in flight. */
export type Order = {
  target: { host: string; port: number; user: string; database: string };
  port: number;
  variant: Variant;
  signing: Signing;
  connections: number;
  depth?: 0 | 1 | 2 | undefined;
  run_id: number;
  edition_id: number;
  publication_id: number;
  data_dir: string;
};

/** What it answers: messages sent, seconds and its own processor time from first to last, and its peak memory. */
export type Sent = { messages: number; seconds: number; processor_ms: number; peak_mb: number };
