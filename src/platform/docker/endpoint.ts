import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The account's own folder, and its number where it has one. */
  home: string;
  uid: number | undefined;
}

export const surroundings = (): Surroundings => ({ env: process.env, platform: process.platform, home: homedir(), uid: process.getuid?.() });

const PIPE = 'npipe:////./pipe/docker_engine';

/**
 * Where the engine of this machine is, as `docker` itself looks for it: `DOCKER_HOST`, the context that is in use, the
 * system's socket, and those of engines without root (rootless Docker, Docker Desktop, Podman).
 */
export function findEndpoint({ env, platform, home, uid }: Surroundings): string {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const context = contextEndpoint(env, home);
  if (context) return context;
  if (platform === 'win32') return PIPE;
  const runtime = env.XDG_RUNTIME_DIR ?? (uid === undefined ? undefined : `/run/user/${uid}`);
  const system = '/var/run/docker.sock';
  const sockets = [system, ...(runtime ? [join(runtime, 'docker.sock')] : []), join(home, '.docker/run/docker.sock'), '/run/podman/podman.sock'];
  return `unix://${sockets.find((path) => existsSync(path)) ?? system}`;
}

const Chosen = z.object({ currentContext: z.string().optional() });
const Meta = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string().min(1) }) }) });

/** Of `docker context use`: ~/.docker/contexts/meta/<SHA-256 of its name>/meta.json. */
function contextEndpoint(env: Surroundings['env'], home: string): string | null {
  const folder = env.DOCKER_CONFIG ?? join(home, '.docker');
  const read = (path: string): unknown => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      return null;
    }
  };
  const name = env.DOCKER_CONTEXT ?? Chosen.safeParse(read(join(folder, 'config.json'))).data?.currentContext;
  if (!name || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  return Meta.safeParse(read(join(folder, 'contexts/meta', id, 'meta.json'))).data?.Endpoints.docker.Host ?? null;
}
