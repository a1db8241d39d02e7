import { Hono } from 'hono';
import { routes } from '../../routes.ts';
import type { Env } from '../site.ts';
import { readerOf } from './reader.ts';
import { showSubscription } from './show-subscription.ts';

/** A reader's own page: how they stand, what they received, a pause, the way out. */
export const subscription = new Hono<Env>();

subscription.get(routes.subscription, async (c) => showSubscription(c, await readerOf(c, 'subscription')));
