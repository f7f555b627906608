import { statSync } from 'node:fs';
import { z } from 'zod';
import { BackupInput, downloadVolume, startBackup } from '../core/volumes/backups/backup.ts';
import { QUIETS } from '../core/volumes/backups/begun.ts';
import { CloneInput, startClone } from '../core/volumes/backups/clone.ts';
import { ImportInput, importUpload, startImport } from '../core/volumes/backups/import.ts';
import { BackupId, listBackups, openBackup, removeBackup, type Backup as CoreBackup } from '../core/volumes/backups/kept.ts';
import { RestoreInput, startRestore } from '../core/volumes/backups/restore.ts';
import { VolumeName } from '../core/volumes/volume.ts';
import { fileResponse } from '../http/file-response.ts';
import { zstdResponse } from '../http/zstd-response.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const Backup = z
  .object({
    volume: means(z.string(), 'volumeName'),
    id: means(z.string(), 'backupId'),
    size: means(z.number(), 'backupSize'),
    at: Time,
    facts: means(
      z.object({
        by: z.string(), sha256: means(z.string(), 'backupSum'), bytes: Bytes, entries: means(z.number().int(), 'backupEntries'),
        quiet: means(z.enum(QUIETS).nullable(), 'backupQuiet'), from: means(z.string().nullable(), 'backupFrom'),
      }).nullable(),
      'backupFacts',
    ),
  })
  .meta({ id: 'VolumeBackup' });
const Backups = z.object({ items: z.array(Backup) }).meta({ id: 'VolumeBackups' });

const show = ({ facts, ...backup }: CoreBackup) => ({ ...backup, facts: facts && { by: facts.by, sha256: facts.sha256, bytes: facts.bytes, entries: facts.entries, quiet: facts.quiet, from: facts.from } });

const OfVolume = z.strictObject({ name: means(VolumeName, 'volumeName') });
const OfBackup = z.strictObject({ name: means(VolumeName, 'volumeName'), id: means(BackupId, 'backupId') });
const Started = z.object({ task: means(z.uuid(), 'startedTask') });
const Quiet = means(BackupInput.shape.quiet, 'volumeQuiet');

export const volumeBackups = [
  endpoint({
    id: 'volumes.all_backups', method: 'get', path: '/volume-backups', permission: 'volumes.read', status: 200, response: Backups,
    run: async (app, actor) => ({ items: (await listBackups(app, actor)).map(show) }),
  }),
  endpoint({
    id: 'volumes.backups', method: 'get', path: '/volumes/{name}/backups', permission: 'volumes.read', status: 200, params: OfVolume, response: Backups,
    run: async (app, actor, { params }) => ({ items: (await listBackups(app, actor, params.name)).map(show) }),
  }),
  endpoint({
    id: 'volumes.backup', method: 'post', path: '/volumes/{name}/backups', permission: 'volumes.write', status: 202,
    params: OfVolume, body: z.strictObject({ quiet: Quiet }), response: Started, refusals: ['conflict', 'unavailable'],
    example: { body: { quiet: 'pause' } },
    run: async (app, actor, { params, body }) => ({ task: await startBackup(app, actor, params.name, body) }),
  }),
  endpoint({
    id: 'volumes.upload_backup', method: 'put', path: '/volumes/{name}/backups/upload', permission: 'volumes.write', status: 201,
    params: OfVolume, query: z.strictObject({ from: means(z.string().max(255).default(''), 'backupFrom') }),
    takes: 'application/octet-stream', response: z.object({ id: means(z.string(), 'backupId') }).meta({ id: 'VolumeBackupMade' }), refusals: ['unavailable'],
    async run(app, actor, { params, query }, c) {
      c.env.server.timeout(c.req.raw, 0);
      const size = Number(c.req.header('content-length') ?? NaN);
      return { id: await importUpload(app, actor, params.name, c.req.raw.body, { size: Number.isFinite(size) ? size : null, from: query.from, signal: c.req.raw.signal }) };
    },
  }),
  endpoint({
    id: 'volumes.import', method: 'post', path: '/volumes/{name}/backups/import', permission: 'volumes.write', status: 202,
    params: OfVolume, body: z.strictObject({ path: means(ImportInput.shape.path, 'backupPath') }), response: Started, refusals: ['conflict'],
    example: { body: { path: '/root/data.tar.gz' } },
    run: async (app, actor, { params, body }) => ({ task: await startImport(app, actor, { name: params.name, path: body.path }) }),
  }),
  endpoint({
    id: 'volumes.download_backup', method: 'get', path: '/volumes/{name}/backups/{id}', permission: 'volumes.write', status: 200, also: [206, 304],
    params: OfBackup, gives: 'application/octet-stream',
    async run(app, actor, { params }, c) {
      const { path, name } = await openBackup(app, actor, params.name, params.id);
      return fileResponse(c, { at: path, real: path, stats: statSync(path), close: async () => {} }, { name });
    },
  }),
  endpoint({
    id: 'volumes.restore', method: 'post', path: '/volumes/{name}/backups/{id}/restore', permission: 'volumes.write', status: 202,
    params: OfBackup,
    body: z.strictObject({ into: means(RestoreInput.shape.into, 'restoreInto'), over: means(RestoreInput.shape.over, 'restoreOver'), confirm: means(RestoreInput.shape.confirm, 'restoreConfirm') }),
    response: Started, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { into: 'shop-data-restored' } },
    run: async (app, actor, { params, body }) => ({ task: await startRestore(app, actor, params.name, params.id, body) }),
  }),
  endpoint({
    id: 'volumes.remove_backup', method: 'delete', path: '/volumes/{name}/backups/{id}', permission: 'volumes.write', status: 204, params: OfBackup,
    run: (app, actor, { params }) => removeBackup(app, actor, params.name, params.id),
  }),
  endpoint({
    id: 'volumes.contents', method: 'get', path: '/volumes/{name}/contents', permission: 'volumes.write', status: 200,
    params: OfVolume, gives: 'application/zstd', refusals: ['unavailable'],
    run: async (app, actor, { params }, c) => zstdResponse(c, await downloadVolume(app, actor, params.name, c.req.raw.signal)),
  }),
  endpoint({
    id: 'volumes.clone', method: 'post', path: '/volumes/{name}/clone', permission: 'volumes.write', status: 202,
    params: OfVolume,
    body: z.strictObject({ name: means(CloneInput.shape.name, 'cloneName'), labels: means(CloneInput.shape.labels, 'cloneLabels'), options: means(CloneInput.shape.options, 'cloneOptions'), quiet: Quiet }),
    response: Started, refusals: ['conflict', 'unavailable'],
    example: { body: { name: 'shop-data-copy' } },
    run: async (app, actor, { params, body }) => ({ task: await startClone(app, actor, params.name, body) }),
  }),
];
