import type { Say } from '../../../lib/errors.ts';

/** Why the machine itself cannot be changed; null: it can. */
export const noRoot = (): Say | null => (process.geteuid?.() === 0 ? null : (t) => t.system.notRoot);
