import { z } from 'zod';
import { actorLang } from '../core/app.ts';
import { LOG_SHOWN } from '../core/containers/logs.ts';
import { readStackLog } from '../core/stacks/logs.ts';
import { addRunLines } from '../core/stacks/run-lines.ts';
import { addStackFile, dropStackFile, listStackFiles, MoveFile, moveStackFile, NamedFile, readStackFile } from '../core/stacks/files.ts';
import { RUN_MOST, TEXT_MOST, UPLOAD_MOST } from '../core/stacks/sizes.ts';
import { VERSION_STATES, VersionId } from '../core/stacks/kept.ts';
import { StackName } from '../core/stacks/stack.ts';
import { diffStackVersion, getStackVersion, listStackVersions, restoreStack } from '../core/stacks/versions.ts';
import { NDJSON, ndjsonResponse } from '../http/ndjson.ts';
import { messages } from '../i18n/languages.ts';
import { AppError } from '../lib/errors.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const Params = z.strictObject({ name: means(StackName, 'stackName') });
const VersionParams = z.strictObject({ name: means(StackName, 'stackName'), version: means(VersionId, 'stackVersion') });
const Path = means(NamedFile.shape.path, 'stackBeside');
const Text = means(z.string().nullable(), 'stackText');

const Version = {
  id: means(VersionId, 'stackVersion'), at: Time, by: z.string(), state: means(z.enum(VERSION_STATES), 'stackVersionState'),
};

/** Files of a stack's folder beside those that make it, what they were before, and files that are made of commands. */
export const stackFiles = [
  endpoint({
    id: 'stacks.folder', method: 'get', path: '/stacks/{name}/folder', permission: 'stacks.admin', status: 200,
    params: Params,
    response: z.object({ entries: z.array(z.object({ path: Path, kind: z.enum(['file', 'folder', 'link', 'other']), size: Bytes })), more: means(z.boolean(), 'stackMore') }).meta({ id: 'StackFolder' }),
    refusals: ['unsupported', 'unavailable'],
    run: (app, actor, { params }) => listStackFiles(app, actor, params.name),
  }),
  endpoint({
    id: 'stacks.file', method: 'get', path: '/stacks/{name}/folder/file', permission: 'stacks.admin', status: 200,
    params: Params, query: z.strictObject({ path: Path }),
    response: z.object({ path: means(z.string(), 'stackPath'), text: z.string(), hash: means(z.string(), 'stackHash') }).meta({ id: 'StackFile' }),
    refusals: ['unsupported', 'unavailable'],
    example: { query: 'path=conf/nginx.conf' },
    run: (app, actor, { params, query }) => readStackFile(app, actor, params.name, query.path),
  }),
  endpoint({
    id: 'stacks.addFile', method: 'post', path: '/stacks/{name}/folder', permission: 'stacks.admin', status: 204,
    params: Params, body: z.strictObject({ path: Path, base64: means(z.string().max(Math.ceil(UPLOAD_MOST / 3) * 4), 'stackBase64') }),
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { path: 'conf/nginx.conf', base64: 'c2VydmVyIHt9Cg==' } },
    async run(app, actor, { params, body }) {
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body.base64)) throw new AppError('invalid', (t) => t.errors.badRequest, { field: 'base64' });
      await addStackFile(app, actor, params.name, body.path, Buffer.from(body.base64, 'base64'));
    },
  }),
  endpoint({
    id: 'stacks.moveFile', method: 'post', path: '/stacks/{name}/folder/move', permission: 'stacks.admin', status: 204,
    params: Params, body: z.strictObject({ path: Path, to: means(MoveFile.shape.to, 'stackBeside') }),
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { path: 'nginx.conf', to: 'conf/nginx.conf' } },
    run: (app, actor, { params, body }) => moveStackFile(app, actor, params.name, body),
  }),
  endpoint({
    id: 'stacks.dropFile', method: 'delete', path: '/stacks/{name}/folder', permission: 'stacks.admin', status: 204,
    params: Params, query: z.strictObject({ path: Path }),
    refusals: ['conflict', 'unsupported', 'unavailable'],
    run: (app, actor, { params, query }) => dropStackFile(app, actor, params.name, query),
  }),
  endpoint({
    id: 'stacks.versions', method: 'get', path: '/stacks/{name}/versions', permission: 'stacks.admin', status: 200,
    params: Params,
    response: z.object({ versions: z.array(z.object({ ...Version, files: means(z.array(z.string()), 'stackVersionFiles') })) }).meta({ id: 'StackVersions' }),
    refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const versions = await listStackVersions(app, actor, params.name);
      return { versions: versions.map(({ texts, ...one }) => ({ ...one, files: texts.map(({ path }) => path) })) };
    },
  }),
  endpoint({
    id: 'stacks.version', method: 'get', path: '/stacks/{name}/versions/{version}', permission: 'stacks.admin', status: 200,
    params: VersionParams,
    response: z.object({ ...Version, files: z.array(z.object({ path: means(z.string(), 'stackPath'), text: Text })) }).meta({ id: 'StackVersion' }),
    refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const { texts, ...version } = await getStackVersion(app, actor, params.name, params.version);
      return { ...version, files: texts };
    },
  }),
  endpoint({
    id: 'stacks.versionDiff', method: 'get', path: '/stacks/{name}/versions/{version}/diff', permission: 'stacks.admin', status: 200,
    params: VersionParams,
    response: z.object({
      files: z.array(z.object({ path: means(z.string(), 'stackPath'), lines: means(z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })).nullable(), 'stackDiffLines') })),
    }).meta({ id: 'StackVersionDiff' }),
    refusals: ['unsupported', 'unavailable'],
    run: async (app, actor, { params }) => ({ files: await diffStackVersion(app, actor, params.name, params.version) }),
  }),
  endpoint({
    id: 'stacks.restore', method: 'post', path: '/stacks/{name}/versions/{version}/restore', permission: 'stacks.admin', status: 204,
    params: VersionParams,
    refusals: ['invalid', 'conflict', 'unsupported', 'unavailable'],
    run: (app, actor, { params }) => restoreStack(app, actor, params.name, params.version),
  }),
  endpoint({
    id: 'stacks.logs', method: 'get', path: '/stacks/{name}/logs', permission: 'containers.inspect', status: 200,
    params: Params,
    query: z.strictObject({
      tail: means(z.coerce.number().int().min(0).max(LOG_SHOWN).default(1000), 'containerLogTail'),
      services: means(z.string().max(2000).default(''), 'stackLogService'),
      q: means(z.string().max(200).default(''), 'containerLogFilter'),
    }),
    gives: NDJSON, refusals: ['unavailable'],
    example: { query: 'tail=100&services=web,db' },
    async run(app, actor, { params, query: { services, ...query } }) {
      const { lines } = await readStackLog(app, actor, params.name, { ...query, stdout: true, stderr: true }, services.split(',').filter(Boolean));
      return ndjsonResponse(lines);
    },
  }),
  endpoint({
    id: 'stacks.fromRun', method: 'post', path: '/stacks/from-run', permission: 'stacks.admin', status: 200,
    body: z.strictObject({ run: means(z.string().min(1).max(RUN_MOST), 'stackRun'), compose: means(z.string().max(TEXT_MOST).default(''), 'stackCompose') }),
    response: z.object({ compose: means(z.string(), 'stackCompose'), services: z.array(z.object({ service: z.string(), left: means(z.array(z.string()), 'stackLeft') })) }).meta({ id: 'StackFromRun' }),
    example: { body: { run: 'docker run -d -p 8080:80 nginx:1.29' } },
    run: (_app, actor, { body }) => addRunLines(body.compose, body.run, messages(actorLang(actor))),
  }),
];
