import { AppError } from '../lib/errors.ts';
import type { ServicesAbout, ServicesDriver } from './services.ts';

const no = () => Promise.reject(new AppError('unsupported', (t) => t.services.notHere));

/** systemd has settings of its own for a failure and for an account: they stand among the own settings of a unit. */
export const NO_SERVICE_SETUP: Pick<ServicesDriver, 'setupCommands' | 'setUp'> = { setupCommands: () => [], setUp: () => Promise.reject(new AppError('unsupported', (t) => t.serviceSetup.notHere)) };

/** Services that are shown at most: every change is refused, and there is nothing beside them. */
export function createShownServices(about: () => ServicesAbout, shown: Partial<Pick<ServicesDriver, 'list' | 'one' | 'files' | 'log' | 'own'>> = {}): ServicesDriver {
  const nothing = { files: [], commands: [] };
  return {
    about: async () => about(), own: () => null, list: async () => [], one: async () => null, files: async () => [], log: async () => null, ...shown,
    commands: () => [], change: no, ...NO_SERVICE_SETUP, override: no, checkOverride: no, overrideCommands: () => [], writeOverride: no,
    timers: async () => [], timerCommands: () => [], changeTimer: no,
    programs: async () => [], program: async () => null, programService: (name) => name, programTaken: async () => false, programPlan: () => nothing, checkProgram: no, writeProgram: no, programRemoval: () => nothing, removeProgram: no,
  };
}

/** Where the panel knows no way to services. */
export const createNoServices = () => createShownServices(() => ({ system: null, away: 'unsupported', verbs: [], units: false, programs: null }));
