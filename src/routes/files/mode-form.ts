import type { Context } from 'hono';
import { readMode } from '../../core/files/modes/grid.ts';
import { ModeInput } from '../../core/files/modes/plan.ts';
import type { Env } from '../../http/env.ts';
import { issueText, readBody } from '../../http/form.ts';
import type { Selection } from '../../http/selection.ts';
import { AppError } from '../../lib/errors.ts';

/** @throws AppError invalid when nothing is selected */
export function chosen(selection: Selection): Selection {
  if (selection.names.length === 0) throw new AppError('invalid', (t) => t.modes.errors.noneSelected);
  return selection;
}

/** Text fields of the form; the names of the selection are not among them. */
export async function fieldsOf(c: Context<Env>): Promise<Record<string, string>> {
  const body = await readBody(c, { all: true });
  return Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** What a step hands to the next as hidden fields; the selection has fields of its own. */
export const kept = (fields: Record<string, string>) => Object.fromEntries(Object.entries(fields).filter(([name]) => !['folder', 'name', 'selection', 'step', 'all', 'listing', 'except'].includes(name)));

/**
 * What is to be done to the selected entries themselves, and to everything inside. Mode and owner go inside only when
 * that was ticked, and then as they are shown, changed or not.
 * @throws AppError invalid
 */
export function readAsked(fields: Record<string, string>, t: Parameters<typeof issueText>[1]): { now: ModeInput | null; inside: ModeInput | null } {
  const changed = (name: 'owner' | 'group') => ((fields[name] ?? '') === (fields[`${name}-was`] ?? '') ? '' : (fields[name] ?? ''));
  const mode = readMode(fields);
  const [inMode, inOwner] = [fields['inside-mode'] === 'on', fields['inside-owner'] === 'on'];
  const parse = (given: Partial<ModeInput>): ModeInput | null => {
    if (!given.mode && !given.fileMode && !given.owner && !given.group) return null;
    const parsed = ModeInput.safeParse(given);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    throw new AppError('invalid', () => issueText(issue.message, t), { field: String(issue.path[0] ?? '') });
  };
  const inside = parse({
    recursive: true,
    ...(inMode ? { mode: mode || (fields['mode-was'] ?? ''), fileMode: fields.fileMode ?? '' } : {}),
    ...(inOwner ? { owner: fields.owner ?? '', group: fields.group ?? '' } : {}),
  });
  const now = parse({ ...(inMode ? {} : { mode }), ...(inOwner ? {} : { owner: changed('owner'), group: changed('group') }) });
  return { now, inside };
}
