import { audit } from './audit.ts';
import type { Endpoint } from './endpoint.ts';
import { metrics } from './metrics.ts';
import { processes } from './processes.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { system } from './system.ts';
import { tasks } from './tasks.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';

/** Every call of the API, in the order of the reference. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...system, ...metrics, ...processes, ...tasks, ...audit, ...users, ...tokens, ...sessions, ...settings,
];
