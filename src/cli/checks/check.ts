import type { Config } from '../../config/load.ts';
import type { Messages } from '../../i18n/en.ts';
import type { Say } from '../../lib/errors.ts';
import type { Exec } from '../../platform/exec.ts';

export type State = 'ok' | 'warn' | 'fail';

/** One line of `mantou doctor`. */
export interface Finding {
  state: State;
  name: keyof Messages['doctor']['names'];
  say: Say;
}

/** What the checks look at. They change nothing. */
export interface Patient {
  config: Config;
  exec: Exec;
  now: number;
}

export type Check = (patient: Patient) => Promise<Finding> | Finding;

/** `ok('tls', (t) => …)` */
export const finding = (state: State) => (name: Finding['name'], say: Say): Finding => ({ state, name, say });
export const ok = finding('ok');
export const caution = finding('warn');
export const fail = finding('fail');
