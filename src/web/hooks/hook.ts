import type { Clock } from '../../clock.ts';
import type { Incoming } from '../../events/returned.ts';
import type { Fetch } from '../../feeds/fetch.ts';
import type { Site } from '../site.ts';

/** One request to a hook: the bytes as they came, for a signature covers them. `secret` is what follows in its path. */
export type Arrival = { body: Buffer; header(name: string): string | undefined; secret: string | undefined };

/**
 * Makes sure that a request comes from the provider, and says what is to be stored of it; undefined where nothing is.
 * Throws `forbidden` where it is not theirs, `invalid` where it cannot be read.
 */
export type Receive = (arrival: Arrival) => Promise<Incoming | undefined>;

/** What a hook is opened with. */
export type HookSite = { config: Site['config']; clock: Clock; fetch: Fetch };
