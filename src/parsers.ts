import { createRequire } from 'node:module';

/**
 * The packages that take foreign documents apart: some five hundred files and a third of the time to start, loaded when
 * the first document comes, as most processes never see one.
 */
const load = createRequire(import.meta.url);

export const feedsmith = () => load('feedsmith') as typeof import('feedsmith');
export const linkedom = () => load('linkedom') as typeof import('linkedom');
export const readability = () => load('@mozilla/readability') as typeof import('@mozilla/readability');
export const sanitizeHtml = () => load('sanitize-html') as typeof import('sanitize-html');
export const htmlToText = () => load('html-to-text') as typeof import('html-to-text');
