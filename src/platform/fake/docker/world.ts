import type { Clock } from '../../../lib/clock.ts';
import type { FakeContainer } from './containers.ts';

/** What the parts of the made-up engine share. */
export interface FakeWorld {
  clock: Clock;
  containers: FakeContainer[];
  /** Tells whoever follows the engine: `image`, `pull`, its name. */
  notice(type: string, action: string, id: string): void;
}

export const notThere = (message: string) => Response.json({ message }, { status: 404 });
export const inTheWay = (message: string) => Response.json({ message }, { status: 409 });
