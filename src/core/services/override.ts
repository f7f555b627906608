import { z } from 'zod';
import { desc, eq } from 'drizzle-orm';
import { fileVersions } from '../../db/schema/files.ts';
import { AppError } from '../../lib/errors.ts';
import { Mutex } from '../../lib/mutex.ts';
import { hashOf } from '../../lib/text-hash.ts';
import type { Override, UnitFault } from '../../platform/services.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { recorded } from '../audit/recorded.ts';
import { keepVersion } from '../files/versions/keep.ts';
import { contentsOf, type VersionRow } from '../files/versions/versions.ts';
import { findService } from './services.ts';

/** Characters of own settings; control characters have no place in a unit (S3). */
export const OverrideText = z.string().max(64_000).regex(/^[^\x00-\x08\x0b-\x1f\x7f]*$/);

export const OverrideChange = z.strictObject({
  /** '' takes it away. */
  text: OverrideText,
  /** Of the text that it is based on: another one there by now is a conflict. */
  hash: z.string().regex(/^([0-9a-f]{64})?$/),
});

export interface OverrideState extends Override {
  name: string;
  hash: string;
}

/** Own settings of a service beside its file. @throws AppError denied, not_found, unsupported */
export async function readOverride(app: App, actor: Actor, name: string): Promise<OverrideState> {
  need(actor, 'services.write');
  if (!(await app.host.services.about()).units) throw new AppError('unsupported', (t) => t.services.notHere);
  const { row } = await findService(app, actor, name);
  const found = await app.host.services.override(row.name);
  return { ...found, name: row.name, hash: hashOf(found.text) };
}

/** A text that the system would not take. */
export class OverrideFault extends AppError {
  constructor(readonly faults: readonly UnitFault[]) {
    super('invalid', (t) => t.services.override.refused, { field: 'text', detail: faults.map(({ line, text }) => (line ? `${line}: ${text}` : text)).join('\n') });
  }
}

export interface OverridePlan {
  override: OverrideState;
  faults: UnitFault[];
  commands: string[];
}

/** What a text would change, and what is wrong with it, tried on a copy. */
export async function planOverride(app: App, actor: Actor, name: string, text: string): Promise<OverridePlan> {
  const override = await readOverride(app, actor, name);
  const faults = text.trim() ? await app.host.services.checkOverride(override.name, text) : [];
  return { override, faults, commands: app.host.services.overrideCommands(override.name, text.trim() ? text : null) };
}

const writing = new Mutex();

/**
 * Writes own settings, or takes them away; what was there is kept as a version.
 * @throws OverrideFault; AppError denied, not_found, conflict (it changed meanwhile)
 */
export async function writeOverride(app: App, actor: Actor, name: string, { text, hash }: z.output<typeof OverrideChange>): Promise<void> {
  need(actor, 'services.write');
  await writing.run(name, async () => {
    const { override, faults, commands } = await planOverride(app, actor, name, text);
    if (override.hash !== hash) throw new AppError('conflict', (t) => t.services.override.changedMeanwhile);
    if (faults.length) throw new OverrideFault(faults);
    const next = text.trim() ? (text.endsWith('\n') ? text : `${text}\n`) : null;
    if (next === override.text) return;
    if (override.text !== null) await keepVersion(app, override.path, Buffer.from(override.text), { actor: '', at: app.clock.now() });
    const entry = { action: 'services.override', target: override.name, params: { path: override.path, removed: next === null }, commands };
    try {
      await recorded(app, actor, entry, () => app.host.services.writeOverride(override.name, next));
    } finally {
      // Also of one that failed: it may be written, and not be taken up.
      app.bus.emit('services.changed', {});
    }
    if (next !== null) await keepVersion(app, override.path, Buffer.from(next), { actor, at: app.clock.now() });
  });
}

/** What it was before, newest first. */
export async function listOverrideVersions(app: App, actor: Actor, name: string): Promise<{ override: OverrideState; versions: VersionRow[] }> {
  const override = await readOverride(app, actor, name);
  return { override, versions: app.db.select().from(fileVersions).where(eq(fileVersions.path, override.path)).orderBy(desc(fileVersions.at)).all() };
}

/** @throws AppError not_found */
export async function readOverrideVersion(app: App, actor: Actor, name: string, id: string): Promise<{ at: number; text: string }> {
  const { path } = await readOverride(app, actor, name);
  const { version, bytes } = await contentsOf(app, path, id);
  return { at: version.at, text: bytes.toString('utf8') };
}
