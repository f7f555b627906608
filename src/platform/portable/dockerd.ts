import { AppError } from '../../lib/errors.ts';
import type { DockerdDriver } from '../dockerd.ts';

const none = () => Promise.reject(new AppError('unsupported', (t) => t.daemon.byHand));

/** Windows and macOS: the engine is Docker Desktop's, or a service with its own file, and the panel leaves both alone. */
export const noDockerd: DockerdDriver = { find: async () => 'desktop', read: none, write: none, validate: none, reload: none, restart: none, log: none };
