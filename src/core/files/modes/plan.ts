import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { say } from '../../../lib/issue.ts';
import type { Accounts } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { parseMode, SETGID, SETUID, type ModeChange } from './mode.ts';

const modeText = z.string().trim().max(100).refine((text) => text === '' || parseMode(text) !== null, say('files.mode', (t) => t.modes.errors.badMode));
const account = z.string().trim().max(256);

/** What is to become of entries of one folder. Everything that is left empty stays as it is. */
export const ModeInput = z.object({
  /** "0644" or "u+rwX,go-w". */
  mode: modeText.default('').meta({ description: '#fileModeText' }),
  /** With `recursive`: another mode for what is no folder. */
  fileMode: modeText.default('').meta({ description: '#fileModeFiles' }),
  /** A name, or a number. */
  owner: account.default('').meta({ description: '#fileOwnerText' }),
  group: account.default('').meta({ description: '#fileGroupText' }),
  recursive: z.boolean().default(false).meta({ description: '#fileRecursive' }),
});

export type ModeInput = z.output<typeof ModeInput>;

export interface Plan {
  mode: ModeChange | null;
  fileMode: ModeChange | null;
  uid: number | null;
  gid: number | null;
  recursive: boolean;
  /** May it set setuid and setgid of files? Whoever may not keeps what a file has. */
  special: boolean;
  /** As they were given, for commands and the audit log. */
  input: ModeInput;
}

/**
 * Reads what was asked for, and whether this person may ask it: owners, and setuid or setgid on files, are how one
 * account gets the rights of another, so both are an administrator's.
 * @throws AppError invalid, denied, unsupported
 */
export async function planOf(app: App, actor: Actor, input: ModeInput): Promise<Plan> {
  need(actor, 'files.write');
  if (app.host.files.kind === 'windows') throw new AppError('unsupported', (t) => t.modes.errors.noModes);
  const mode = parseMode(input.mode);
  const fileMode = input.recursive ? parseMode(input.fileMode) : null;
  const owns = input.owner !== '' || input.group !== '';
  if (!mode && !fileMode && !owns) throw new AppError('invalid', (t) => t.modes.errors.nothing);
  if (owns) need(actor, 'files.owner');
  const accounts = owns ? await app.host.files.accounts() : { users: [], groups: [] };
  const special = canSpecial(actor);
  if (!special && [mode, fileMode].some((change) => change && addsSpecial(change))) throw new AppError('denied', (t) => t.modes.errors.special, { field: 'mode' });
  return {
    mode, fileMode,
    uid: idOf(accounts, 'users', input.owner), gid: idOf(accounts, 'groups', input.group),
    recursive: input.recursive, special, input,
  };
}

function canSpecial(actor: Actor): boolean {
  try {
    need(actor, 'files.owner');
    return true;
  } catch {
    return false;
  }
}

const addsSpecial = (change: ModeChange) => [0, 0o777].some((mode) => (change.apply(mode, false) & (SETUID | SETGID)) !== 0);

/** chown(2) takes 32 bits, of which the last number means "leave it". */
const ID_MOST = 0xffff_fffe;

function idOf(accounts: Accounts, kind: keyof Accounts, text: string): number | null {
  if (text === '') return null;
  const named = accounts[kind].find((account) => account.name === text);
  if (named) return named.id;
  if (/^\d{1,10}$/.test(text) && Number(text) <= ID_MOST) return Number(text);
  throw new AppError('invalid', (t) => (kind === 'users' ? t.modes.errors.noUser({ name: text }) : t.modes.errors.noGroup({ name: text })), { field: kind === 'users' ? 'owner' : 'group' });
}

/** The mode that one entry gets; null: as it is. */
export function nextMode(plan: Plan, mode: number, isFolder: boolean): number | null {
  const change = !isFolder && plan.fileMode ? plan.fileMode : plan.mode;
  if (!change) return null;
  const next = change.apply(mode, isFolder);
  // "644" from somebody who may not set them must not clear them unseen either: a set bit is somebody else's decision.
  return plan.special || isFolder ? next : (next & ~(SETUID | SETGID)) | (mode & next & (SETUID | SETGID));
}
