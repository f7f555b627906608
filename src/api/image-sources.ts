import { z } from 'zod';
import { startBuild } from '../core/images/build/build.ts';
import { BuildFolder, BuildGit } from '../core/images/build/input.ts';
import { ExportInput, exportImages } from '../core/images/images.ts';
import { LoadFileInput, startLoadFile } from '../core/images/load.ts';
import { PushInput, startPush } from '../core/images/push.ts';
import { tarResponse } from '../http/tar-response.ts';
import { loadBody } from '../http/load-body.ts';
import { endpoint } from './endpoint.ts';
import { ImageTask } from './images.ts';
import { means } from './schemas.ts';

const { tags, dockerfile, args, target, platform, noCache, pull, path } = BuildFolder.shape;
const { url, ref, folder, user, password } = BuildGit.shape;
const shared = {
  tags: means(tags, 'buildTags'), dockerfile: means(dockerfile, 'buildDockerfile'), args: means(args, 'buildArgs'), target: means(target, 'buildTarget'),
  platform: means(platform, 'buildPlatform'), noCache: means(noCache, 'buildNoCache'), pull: means(pull, 'buildPull'),
};

/** How images come to be here beside pulling, and how they leave. */
export const imageSources = [
  endpoint({
    id: 'images.export', method: 'post', path: '/images/export', permission: 'images.write', status: 200,
    body: z.strictObject({ images: means(ExportInput.shape.images, 'exportImages') }),
    gives: 'application/x-tar', refusals: ['not_found', 'unavailable'],
    example: { body: { images: ['redis:7-alpine', 'acme/shop:1.2'] } },
    run: async (app, actor, { body }, c) => tarResponse(c, await exportImages(app, actor, body, c.req.raw.signal)),
  }),
  endpoint({
    id: 'images.push', method: 'post', path: '/images/push', permission: 'images.admin', status: 202,
    body: z.strictObject({ image: means(PushInput.shape.image, 'pushImage'), reference: means(PushInput.shape.reference, 'pushReference') }),
    response: ImageTask, refusals: ['conflict', 'not_found', 'unavailable'],
    example: { body: { image: 'acme/shop:1.2', reference: 'ghcr.io/acme/shop:1.2' } },
    run: async (app, actor, { body }) => ({ task: await startPush(app, actor, body) }),
  }),
  endpoint({
    id: 'images.build', method: 'post', path: '/images/build', permission: 'containers.admin', status: 202,
    body: z.strictObject({ ...shared, path: means(path, 'buildPath') }),
    response: ImageTask, refusals: ['conflict', 'not_found'],
    example: { body: { path: '/srv/shop', tags: ['acme/shop:1.2'] } },
    run: async (app, actor, { body }) => ({ task: await startBuild(app, actor, { source: 'folder', ...body }) }),
  }),
  endpoint({
    id: 'images.build_git', method: 'post', path: '/images/build/git', permission: 'containers.admin', status: 202,
    body: z.strictObject({ ...shared, url: means(url, 'buildUrl'), ref: means(ref, 'buildRef'), folder: means(folder, 'buildInner'), user: means(user, 'buildUser'), password: means(password, 'buildPassword') }),
    response: ImageTask, refusals: ['conflict', 'unsupported'],
    example: { body: { url: 'https://github.com/acme/shop.git', ref: 'v1.2', tags: ['acme/shop:1.2'] } },
    run: async (app, actor, { body }) => ({ task: await startBuild(app, actor, { source: 'git', ...body }) }),
  }),
  endpoint({
    id: 'images.load', method: 'post', path: '/images/load', permission: 'images.admin', status: 200,
    takes: 'application/x-tar',
    query: z.strictObject({ name: means(z.string().max(255).regex(/^[^\x00-\x1f\x7f]*$/).default(''), 'loadName') }),
    response: z.object({ task: means(z.uuid(), 'startedTask'), images: means(z.array(z.string()), 'loadedImages') }).meta({ id: 'LoadedImages' }),
    refusals: ['unavailable', 'conflict'],
    run: (app, actor, { query }, c) => loadBody(app, actor, c, query.name),
  }),
  endpoint({
    id: 'images.load_file', method: 'post', path: '/images/load/file', permission: 'images.admin', status: 202,
    body: z.strictObject({ path: means(LoadFileInput.shape.path, 'loadPath') }),
    response: ImageTask, refusals: ['conflict', 'not_found'],
    example: { body: { path: '/srv/images/shop.tar.gz' } },
    run: async (app, actor, { body }) => ({ task: await startLoadFile(app, actor, body) }),
  }),
];
