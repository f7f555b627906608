import { z } from 'zod';
import type { DockerDriver } from '../../../platform/docker.ts';
import { askDocker, type DockerApp } from '../../docker/ask.ts';

/** Of each image that is here: `redis@sha256:…`, as registries called it when it came. None for one that was built here. */
export type Digests = ReadonlyMap<string, readonly string[]>;

const Images = z.array(z.object({ Id: z.string(), RepoDigests: z.array(z.string()).nullish() }));

/** A list of containers is drawn more often than images come. */
const KEPT_MS = 30_000;

const kept = new WeakMap<DockerDriver, { at: number; digests: Digests }>();

/** @param ids of images that must be among them: one that is new is asked for at once @throws AppError unavailable */
export async function digestsOf(app: DockerApp, ids: readonly string[], { fresh = false } = {}): Promise<Digests> {
  const { docker } = app.host;
  const known = kept.get(docker);
  if (!fresh && known && performance.now() - known.at < KEPT_MS && ids.every((id) => known.digests.has(id))) return known.digests;
  const at = performance.now();
  // Dangling ones, too: a container goes on with its image after the name has left it.
  const images = await askDocker(app, { path: '/images/json' }, Images);
  const digests = new Map(images.map(({ Id, RepoDigests }) => [Id, (RepoDigests ?? []).filter((digest) => !digest.startsWith('<none>'))]));
  kept.set(docker, { at, digests });
  return digests;
}
