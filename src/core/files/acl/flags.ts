import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { Extras, FileFlags } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { withEntry } from '../entry.ts';
import { guardOf } from '../modes/protect.ts';
import { parentOf } from '../paths.ts';

export const FlagsInput = z.object({ immutable: z.boolean().default(false), appendOnly: z.boolean().default(false) });

export interface Attributes {
  /** null: this system, the file system or this kind of entry has none. */
  flags: FileFlags | null;
  /** The tool that would be needed for the flags. */
  missing: string | null;
  extras: Extras | null;
  extrasMissing: string[];
}

/** Flags, extended attributes and capabilities of one entry. @throws AppError */
export async function attributesOf(app: App, actor: Actor, path: string): Promise<Attributes> {
  need(actor, 'files.read');
  const { attributes, extras } = app.host.files;
  return withEntry(app, actor, path, 'read', async ({ folder, name }) => ({
    flags: attributes && !attributes.missing() ? await attributes.read(folder, name) : null,
    missing: attributes?.missing() ?? null,
    extras: extras ? await extras.read(folder, name) : null,
    extrasMissing: extras?.missing() ?? [],
  }));
}

/** Makes a file or folder unchangeable, or changeable again. @throws AppError */
export async function setFlags(app: App, actor: Actor, path: string, flags: FileFlags): Promise<void> {
  need(actor, 'files.owner');
  const driver = app.host.files.attributes;
  const tool = driver?.missing();
  if (tool) throw new AppError('unsupported', (t) => t.acl.errors.noTool({ tool }));
  const guard = await guardOf(app, { recursive: false });
  await withEntry(app, actor, path, 'write', async (entry) => {
    guard.check(entry);
    const before = driver ? await driver.read(entry.folder, entry.name) : null;
    if (!driver || !before) throw new AppError('unsupported', (t) => t.acl.errors.noFlags);
    const commands = driver.commands(shownName(entry.path), flags);
    await driver.set(entry.folder, entry.name, flags);
    record(app, actor, { action: 'files.attributes', target: shownName(entry.path), params: { before, after: flags }, commands });
    app.bus.emit('files.changed', { folder: parentOf(app.host.files.kind, entry.real) });
  });
}
