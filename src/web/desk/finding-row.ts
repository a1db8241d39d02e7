import type { Finding } from '../../press/checks/finding.ts';

const LEVELS = { block: 'Blocks', hold: 'Holds', warn: 'Warning' };
/** A finding as a page shows it. */
export const findingRow = ({ check, level, says }: Finding) => ({ check, level, label: LEVELS[level], says });
