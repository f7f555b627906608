import type { Say } from '../lib/errors.ts';

export type PowerAction = 'reboot' | 'shutdown';

export interface PowerDriver {
  /** Null when it can be done; else why not ("this is a container"). */
  refusal(action: PowerAction): Promise<Say | null>;
  /** What will run, shown before it runs. */
  commands(action: PowerAction): string[];
  run(action: PowerAction): Promise<void>;
}
