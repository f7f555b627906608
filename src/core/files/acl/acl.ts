import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { Acl, AclDriver, PinnedFile } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { withEntry } from '../entry.ts';
import { guardOf } from '../modes/protect.ts';
import { parentOf } from '../paths.ts';
import { posixList } from './posix.ts';

/** More entries than any file system keeps in one list (ext4: 32 to some hundreds; NTFS: 64 KiB). */
const ENTRIES_MOST = 1000;

const Entry = z.object({
  type: z.enum(['user', 'group', 'mask', 'other', 'allow', 'deny']),
  account: z.string().trim().max(256).default('').meta({ description: '#aclAccount' }),
  rights: z.array(z.string().max(40)).max(40).meta({ description: '#aclRights' }),
  isDefault: z.boolean().default(false).meta({ description: '#aclDefault' }),
  inherited: z.boolean().default(false).meta({ description: '#aclInherited' }),
  flags: z.array(z.enum(['ContainerInherit', 'ObjectInherit', 'InheritOnly', 'NoPropagateInherit'])).max(4).default([]).meta({ description: '#aclFlags' }),
});

export const AclInput = z.object({
  owner: z.string().trim().max(256).default('').meta({ description: '#aclOwner' }),
  inherits: z.boolean().default(false).meta({ description: '#aclInherits' }),
  keepInherited: z.boolean().default(true).meta({ description: '#aclKeep' }),
  entries: z.array(Entry).max(ENTRIES_MOST),
});

export type AclInput = z.output<typeof AclInput>;

export interface AclState {
  kind: AclDriver['kind'];
  isFolder: boolean;
  /** null: this file system keeps none. */
  acl: Acl | null;
}

/** @throws AppError unsupported where the system has none or the tools are missing; what the file system refuses */
export async function readAcl(app: App, actor: Actor, path: string): Promise<AclState> {
  need(actor, 'files.read');
  const driver = driverOf(app);
  return held(app, actor, path, 'read', async (file) => ({ kind: driver.kind, isFolder: file.stats.isDirectory(), acl: await readHeld(driver, file) }));
}

/** Replaces the list of one file or folder; symlinks have none. @throws AppError */
export async function writeAcl(app: App, actor: Actor, path: string, input: AclInput): Promise<AclState> {
  need(actor, 'files.owner');
  const driver = driverOf(app);
  const guard = await guardOf(app, { recursive: false });
  return held(app, actor, path, 'write', async (file, entry) => {
    guard.check(entry);
    const isFolder = file.stats.isDirectory();
    const before = await readHeld(driver, file);
    if (!before) throw new AppError('unsupported', (t) => t.acl.errors.none);
    const acl = await meant(app, driver, input, isFolder, before);
    const commands = driver.commands(shownName(entry.path), acl);
    await driver.write(file.at, acl);
    record(app, actor, { action: 'files.acl', target: shownName(entry.path), params: { before }, commands });
    app.bus.emit('files.changed', { folder: parentOf(app.host.files.kind, entry.real) });
    return { kind: driver.kind, isFolder, acl: await readHeld(driver, file) };
  });
}

/** What would run. @throws AppError */
export async function aclCommands(app: App, actor: Actor, path: string, input: AclInput): Promise<string[]> {
  need(actor, 'files.owner');
  const driver = driverOf(app);
  return held(app, actor, path, 'read', async (file, entry) => {
    const before = await readHeld(driver, file);
    if (!before) throw new AppError('unsupported', (t) => t.acl.errors.none);
    return driver.commands(shownName(entry.path), await meant(app, driver, input, file.stats.isDirectory(), before));
  });
}

/** Names of rights that an account has in the end (NTFS). @throws AppError */
export async function effectiveOf(app: App, actor: Actor, path: string, account: string): Promise<string[]> {
  need(actor, 'files.owner');
  const driver = driverOf(app);
  const ask = driver.effective?.bind(driver);
  if (!ask) throw new AppError('unsupported', (t) => t.acl.errors.noEffective);
  return held(app, actor, path, 'read', (file) => ask(file.at, account));
}

function driverOf(app: App): AclDriver {
  const driver = app.host.files.acl;
  if (!driver) throw new AppError('unsupported', (t) => t.acl.errors.unsupported);
  const tool = driver.missing();
  if (tool) throw new AppError('unsupported', (t) => t.acl.errors.noTool({ tool }));
  return driver;
}

async function held<T>(app: App, actor: Actor, path: string, right: 'read' | 'write', run: (file: PinnedFile, entry: { name: string; real: string; path: string }) => Promise<T>): Promise<T> {
  return withEntry(app, actor, path, right, async (entry) => {
    // A root is its folder itself, which is held by a link of /proc.
    const file = await entry.folder.open(entry.name, entry.name === '' ? 'follow' : 'nofollow');
    try {
      if (file.stats.isSymbolicLink()) throw new AppError('invalid', (t) => t.acl.errors.link);
      return await run(file, entry);
    } finally {
      await file.close();
    }
  });
}

/** A file system without access lists lets getfacl make one of the mode, and refuses only when one is set: that is told then. */
const readHeld = (driver: AclDriver, file: PinnedFile) => driver.read(file.at);

/** The list in the form of the driver: accounts as numbers, what cannot be left out added. */
async function meant(app: App, driver: AclDriver, input: AclInput, isFolder: boolean, before: Acl): Promise<Acl> {
  if (driver.kind === 'ntfs') return { ...input, owner: input.owner || before.owner, group: before.group, entries: input.entries.filter((entry) => !entry.inherited) };
  const accounts = await app.host.files.accounts();
  const entries = input.entries.map((entry) => {
    if (entry.rights.some((right) => !['r', 'w', 'x'].includes(right))) throw new AppError('invalid', (t) => t.acl.errors.badEntry);
    if (entry.account === '' || /^\d{1,10}$/.test(entry.account)) return entry;
    const list = entry.type === 'group' ? accounts.groups : accounts.users;
    const found = list.find((account) => account.name === entry.account);
    if (!found) throw new AppError('invalid', (t) => t.acl.errors.noAccount({ name: entry.account }));
    return { ...entry, account: String(found.id) };
  });
  return { owner: before.owner, group: before.group, inherits: false, entries: posixList(entries, isFolder) };
}
