import { z } from 'zod';
import type { Say } from '../../../lib/errors.ts';
import { planOf, type Planner } from '../../plan.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import type { ScriptName, VerbOf } from '../powershell/verbs.ts';

/** What a verb of a script does, and what a person would type for the same. */
export interface Deed<S extends ScriptName> {
  verb: VerbOf<S>;
  given: object;
  commands: string[];
}

/** Changes by verbs of a script. `deeds` decides which; it is asked again when they are done, as the machine may have changed. */
export function planner<S extends ScriptName, Change>(shell: PowerShell, script: S, refusal: () => Promise<Say | null>, deeds: (change: Change) => Promise<Deed<S>[]>): Planner<Change> {
  return {
    refusal,
    plan: async (change) => planOf((await deeds(change)).flatMap(({ commands }) => commands)),
    async apply(change) {
      for (const { verb, given } of await deeds(change)) await shell.call(script, verb, given, z.object({}));
    },
  };
}
