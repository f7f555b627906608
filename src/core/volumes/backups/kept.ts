import { readdirSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { VolumeName } from '../volume.ts';
import { backupsFolder, QUIETS } from './begun.ts';

/** `20261129T003312Z-1f0a9c`: when, and what keeps two of one second apart. */
export const BackupId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/);

/** What lies beside a backup. */
const Beside = z.object({
  /** ms since 1970. */
  at: z.number(),
  by: z.string(),
  /** Of the compressed file. */
  sha256: z.string(),
  /** Of the tar in it, and how many things are in that. */
  bytes: z.number(),
  entries: z.number(),
  /** Whether others could write while it was read; null: it came from elsewhere. */
  quiet: z.enum(QUIETS).nullable(),
  /** Name of the file that it was made of, where it came from elsewhere. */
  from: z.string().nullable(),
});
export type Beside = z.output<typeof Beside>;

export interface Backup {
  volume: string;
  id: string;
  /** Bytes on the disk. */
  size: number;
  at: number;
  /** null: what lay beside it is gone. */
  facts: Beside | null;
}

const END = '.tar.zst';
export const backupPath = (app: Pick<App, 'config'>, volume: string, id: string) => backupsFolder(app, volume, `${id}${END}`);
const besidePath = (app: Pick<App, 'config'>, volume: string, id: string) => backupsFolder(app, volume, `${id}.json`);

export function newBackupId(app: Pick<App, 'clock' | 'random'>): string {
  const stamp = new Date(app.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${Buffer.from(app.random.bytes(3)).toString('hex')}`;
}

/** Names of volumes with backups, those of volumes that are gone among them. */
function volumesWithBackups(app: Pick<App, 'config'>): string[] {
  return filesOf(backupsFolder(app)).filter((name) => VolumeName.safeParse(name).data === name);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Of one volume, or of all: newest first. */
export async function listBackups(app: App, actor: Actor, volume?: string): Promise<Backup[]> {
  need(actor, 'volumes.read');
  const volumes = volume === undefined ? volumesWithBackups(app) : [volume];
  const found = volumes.flatMap((name) => filesOf(backupsFolder(app, name)).filter((file) => file.endsWith(END)).map((file) => [name, file.slice(0, -END.length)] as const));
  const read = await Promise.all(found.filter(([, id]) => BackupId.safeParse(id).success).map(([name, id]) => readBackup(app, name, id)));
  return read.filter((one) => one !== null).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

async function readBackup(app: App, volume: string, id: string): Promise<Backup | null> {
  const stats = statSync(backupPath(app, volume, id), { throwIfNoEntry: false });
  if (!stats?.isFile()) return null;
  const facts = await readFile(besidePath(app, volume, id), 'utf8').then((text) => Beside.parse(JSON.parse(text)), () => null);
  return { volume, id, size: stats.size, at: facts?.at ?? stats.mtimeMs, facts };
}

/** @throws AppError not_found */
export async function getBackup(app: App, actor: Actor, volume: string, id: string): Promise<Backup> {
  need(actor, 'volumes.write');
  const known = VolumeName.safeParse(volume).data === volume && BackupId.safeParse(id).success;
  const found = known ? await readBackup(app, volume, id) : null;
  if (!found) throw new AppError('not_found', (t) => t.volumeBackups.notFound);
  return found;
}

/** A file to be written, and what makes a backup of it. @throws what the file system says */
export async function newBackupFile(app: App, volume: string): Promise<{ id: string; part: string }> {
  await mkdir(backupsFolder(app, volume), { recursive: true, mode: 0o700 });
  const id = newBackupId(app);
  return { id, part: backupsFolder(app, volume, `.${id}.part`) };
}

/** It is whole and on the disk: from now on it is a backup. */
export async function keepBackup(app: App, volume: string, { id, part }: { id: string; part: string }, facts: Beside): Promise<void> {
  const beside = besidePath(app, volume, id);
  await writeSynced(`${beside}.part`, JSON.stringify(facts));
  await rename(`${beside}.part`, beside);
  await rename(part, backupPath(app, volume, id));
  await syncFolder(backupsFolder(app, volume));
}

async function writeSynced(path: string, text: string) {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Names in a folder, too, are on the disk only when it is told to write them; Windows does so by itself. */
async function syncFolder(path: string) {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

/** @throws AppError not_found */
export async function removeBackup(app: App, actor: Actor, volume: string, id: string): Promise<void> {
  const found = await getBackup(app, actor, volume, id);
  await rm(backupPath(app, volume, id));
  await rm(besidePath(app, volume, id), { force: true });
  record(app, actor, { action: 'volumes.remove_backup', target: volume, params: { backup: id, size: found.size } });
}

/** For a browser to take home. @throws AppError not_found */
export async function openBackup(app: App, actor: Actor, volume: string, id: string): Promise<{ path: string; name: string; size: number }> {
  const { size } = await getBackup(app, actor, volume, id);
  record(app, actor, { action: 'volumes.download_backup', target: volume, params: { backup: id } });
  return { path: backupPath(app, volume, id), name: `${volume}-${id}${END}`, size };
}
