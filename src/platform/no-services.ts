import { AppError } from '../lib/errors.ts';
import type { ServicesAbout, ServicesDriver } from './services.ts';

const no = () => Promise.reject(new AppError('unsupported', (t) => t.services.notHere));

/** Services that are shown at most: every change is refused, and there is nothing beside them. */
export function createShownServices(about: () => ServicesAbout, shown: Partial<Pick<ServicesDriver, 'list' | 'one' | 'files' | 'log' | 'own'>> = {}): ServicesDriver {
  const nothing = { files: [], commands: [] };
  return {
    about: async () => about(), own: () => null, list: async () => [], one: async () => null, files: async () => [], log: async () => null, ...shown,
    commands: () => [], change: no, override: no, checkOverride: no, overrideCommands: () => [], writeOverride: no,
    timers: async () => [], timerCommands: () => [], changeTimer: no,
    programs: async () => [], program: async () => null, programService: (name) => name, programPlan: () => nothing, checkProgram: no, writeProgram: no, programRemoval: () => nothing, removeProgram: no,
  };
}

/** Where the panel knows no way to services. */
export const createNoServices = () => createShownServices(() => ({ system: null, away: 'unsupported', verbs: [], units: false }));
