import { z } from 'zod';
import { say } from '../../../lib/issue.ts';
import { ImageTag } from '../reference.ts';
import { GitAddress, isInner, isRef } from './git-url.ts';

const inner = say('build.inner', (t) => t.imageBuild.errors.inner);
const refRule = say('build.ref', (t) => t.imageBuild.errors.ref);
const argsRule = say('build.args', (t) => t.imageBuild.errors.args);
const targetRule = say('build.target', (t) => t.imageBuild.errors.target);
const platformRule = say('build.platform', (t) => t.imageBuild.errors.platform);
const tagsRule = say('build.tags', (t) => t.imageBuild.errors.tags);

/** Below the folder that is built from. `./` at the beginning means nothing. */
const Inner = z.string().trim().max(1000, inner).transform((path) => path.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '')).refine(isInner, inner);

const ArgName = z.string().regex(/^[A-Za-z_]\w{0,255}$/, argsRule);

const shape = {
  /** Of the image; the first one is what it is called in lists. */
  tags: z.array(ImageTag).min(1, tagsRule).max(20, tagsRule),
  /** Below the folder. */
  dockerfile: Inner.transform((path) => path || 'Dockerfile').default('Dockerfile'),
  args: z.record(ArgName, z.string().max(16_384, argsRule).regex(/^[^\x00]*$/, argsRule)).refine((args) => Object.keys(args).length <= 200, argsRule).default({}),
  /** Stage to stop at; empty: the last one. */
  target: z.string().trim().max(128, targetRule).regex(/^(?:[\w][\w.-]*)?$/, targetRule).default(''),
  platform: z.string().trim().max(64, platformRule).regex(/^(?:[a-z0-9]+(?:\/[a-z0-9_.]+){0,2})?$/, platformRule).default(''),
  noCache: z.boolean().default(false),
  /** Ask registries for newer versions of the images that it begins with. */
  pull: z.boolean().default(false),
};

export const BuildFolder = z.strictObject({ ...shape, source: z.literal('folder'), path: z.string().min(1, say('build.path', (t) => t.imageBuild.errors.path)).max(300_000) });

export const BuildGit = z.strictObject({
  ...shape,
  source: z.literal('git'),
  url: GitAddress,
  /** Branch, tag or commit; empty: what the URL or the repository says. */
  ref: z.string().trim().refine((text) => text === '' || isRef(text), refRule).default(''),
  /** Folder in the repository. */
  folder: Inner.default(''),
  /** Of http and https; kept nowhere. */
  user: z.string().max(255).regex(/^[^\x00-\x1f\x7f:]*$/).default(''),
  password: z.string().max(16_384).regex(/^[^\x00-\x1f\x7f]*$/).default(''),
});

export const BuildInput = z.discriminatedUnion('source', [BuildFolder, BuildGit]);
export type BuildInput = z.output<typeof BuildInput>;
