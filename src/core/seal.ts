import { AppError } from '../lib/errors.ts';
import { hashOf } from '../lib/text-hash.ts';
import type { Plan } from '../platform/plan.ts';

/** Names what somebody was shown, so that nothing else is done in its name. */
export const sealOf = (plan: Plan) => hashOf(JSON.stringify(plan));

/** @throws AppError conflict when the machine changed since `seen` was shown; undefined: nobody looked (a program) */
export function sameAsSeen(plan: Plan, seen: string | undefined) {
  if (seen !== undefined && seen !== sealOf(plan)) throw new AppError('conflict', (t) => t.system.changedMeanwhile);
}

/** What the audit log keeps of it: the commands, and the files that were written. */
export const commandsOf = ({ commands, files }: Plan) => [...commands, ...files.map(({ path, after }) => (after === null ? `rm ${path}` : `write ${path}`))];
