import { z } from 'zod';
import { removeContainerFiles, renameContainerFile } from '../core/containers/files/change.ts';
import { listContainerFolder } from '../core/containers/files/list.ts';
import { openContainerFile, packContainerFolder } from '../core/containers/files/read.ts';
import { makeContainerFolder, writeContainerFile } from '../core/containers/files/write.ts';
import { ContainerId } from '../core/containers/container.ts';
import type { ListedEntry } from '../core/files/listing/look.ts';
import { bodyLength, containerFileResponse, containerTarResponse } from '../http/container-file.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const Path = z.string().min(1).max(300_000);
const PathQuery = z.strictObject({ path: means(Path, 'containerFilePath') });
const Params = z.strictObject({ id: means(ContainerId, 'containerId') });

const Entry = z.object({
  name: z.string(),
  type: z.enum(['folder', 'file', 'link', 'other']),
  size: Bytes.nullable(),
  mode: means(z.number().int().nullable(), 'containerFileMode'),
  owner: z.string(),
  group: z.string(),
  modified: Time.nullable(),
  target: means(z.string().nullable(), 'containerFileTarget'),
});

const Folder = z
  .object({
    path: z.string(),
    real: means(z.string(), 'containerFileReal'),
    entries: z.array(Entry),
    complete: means(z.boolean(), 'containerFileComplete'),
    by: means(z.enum(['shell', 'archive']), 'containerFileBy'),
    hindrance: means(z.enum(['read_only_root', 'read_only_mount', 'memory', 'kernel', 'engine', 'mount_point']).nullable(), 'containerFileHindrance'),
  })
  .meta({ id: 'ContainerFolder' });

const show = ({ name, type, size, mode, owner, group, modified, link }: ListedEntry) => ({ name, type, size, mode, owner, group, modified, target: link?.path ?? null });
const example = { query: 'path=/etc' };

/** Files in containers, for programs. */
export const containerFiles = [
  endpoint({
    id: 'containers.files', method: 'get', path: '/containers/{id}/files', permission: 'containers.admin', status: 200,
    params: Params, query: PathQuery, response: Folder, refusals: ['unavailable', 'unsupported'], example,
    async run(app, actor, { params, query }) {
      const { path, real, entries, complete, by, hindrance } = await listContainerFolder(app, actor, params.id, query.path);
      return { path, real, complete, by, hindrance, entries: entries.map(show) };
    },
  }),
  endpoint({
    id: 'containers.readFile', method: 'get', path: '/containers/{id}/files/content', permission: 'containers.admin', status: 200,
    params: Params, query: PathQuery, gives: 'application/octet-stream', refusals: ['unavailable', 'unsupported'], example: { query: 'path=/etc/passwd' },
    run: async (app, actor, { params, query }, c) => containerFileResponse(c, await openContainerFile(app, actor, params.id, query.path, c.req.raw.signal)),
  }),
  endpoint({
    id: 'containers.writeFile', method: 'put', path: '/containers/{id}/files/content', permission: 'containers.admin', status: 200,
    params: Params,
    query: z.strictObject({ path: means(Path, 'containerFilePath'), replace: means(z.enum(['true', 'false']).default('false'), 'containerFileReplace') }),
    takes: 'application/octet-stream', response: z.object({ path: z.string(), size: Bytes }).meta({ id: 'ContainerFileWritten' }), refusals: ['conflict', 'unavailable', 'unsupported'],
    example: { query: 'path=/srv/index.html' },
    run: (app, actor, { params, query }, c) => writeContainerFile(app, actor, params.id, { path: query.path, replace: query.replace === 'true', size: bodyLength(c) }, c.req.raw.body),
  }),
  endpoint({
    id: 'containers.packFiles', method: 'get', path: '/containers/{id}/files/tar', permission: 'containers.admin', status: 200,
    params: Params, query: PathQuery, gives: 'application/x-tar', refusals: ['unavailable', 'unsupported'], example,
    run: async (app, actor, { params, query }, c) => containerTarResponse(c, await packContainerFolder(app, actor, params.id, query.path, c.req.raw.signal), 'tar'),
  }),
  endpoint({
    id: 'containers.makeFolder', method: 'post', path: '/containers/{id}/files/folders', permission: 'containers.admin', status: 201,
    params: Params, body: z.strictObject({ path: means(Path, 'containerFilePath') }), response: z.object({ path: z.string() }), refusals: ['conflict', 'unavailable', 'unsupported'],
    example: { body: { path: '/srv/new' } },
    run: (app, actor, { params, body }) => makeContainerFolder(app, actor, params.id, body.path),
  }),
  endpoint({
    id: 'containers.renameFile', method: 'post', path: '/containers/{id}/files/rename', permission: 'containers.admin', status: 200,
    params: Params, body: z.strictObject({ path: means(Path, 'containerFilePath'), name: means(z.string().max(1000), 'containerFileName') }), response: z.object({ path: z.string() }),
    refusals: ['conflict', 'unavailable', 'unsupported'], example: { body: { path: '/srv/old', name: 'new' } },
    run: (app, actor, { params, body }) => renameContainerFile(app, actor, params.id, body.path, body.name),
  }),
  endpoint({
    id: 'containers.removeFiles', method: 'post', path: '/containers/{id}/files/remove', permission: 'containers.admin', status: 200,
    params: Params, body: z.strictObject({ paths: means(z.array(Path).min(1).max(1000), 'containerFilePaths') }), response: z.object({ removed: z.array(z.string()) }),
    refusals: ['conflict', 'unavailable', 'unsupported'], example: { body: { paths: ['/srv/old'] } },
    run(app, actor, { params, body }, c) {
      c.env.server.timeout(c.req.raw, 0);
      return removeContainerFiles(app, actor, params.id, body.paths);
    },
  }),
];
