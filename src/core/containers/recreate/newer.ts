import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { askDocker, type DockerApp } from '../../docker/ask.ts';
import { registryAuth, type AuthApp } from '../../registries/auth.ts';
import { hideCommand, variablesOf } from '../redact.ts';
import type { Config } from './inspected.ts';

const Distribution = z.object({ Descriptor: z.object({ digest: z.string() }) });
const Digests = z.object({ RepoDigests: z.array(z.string()).nullish() });

/** A registry that is far, or asks for a password, must not keep a page waiting. */
const ASK_MS = 5000;

/** What the registry has under the name of an image, beside what is here: by digest, as the registry itself says it. */
export type Newer = { state: 'same' | 'newer'; digest: string } | { state: 'unknown'; why: AppError };

/** The digest that the registry has under this name now, asked through the engine. @throws AppError in the engine's words */
export async function registryDigest(app: DockerApp & AuthApp, image: string, timeout = ASK_MS): Promise<string> {
  return (await askDocker(app, { path: `/distribution/${encodeURIComponent(image)}/json`, headers: await registryAuth(app, image), timeout }, Distribution)).Descriptor.digest;
}

/** How registries called an image when it came: none for one that was made here. @throws AppError not_found, unavailable */
export const repoDigests = async (app: DockerApp, id: string): Promise<string[]> =>
  ((await askDocker(app, { path: `/images/${encodeURIComponent(id)}/json` }, Digests)).RepoDigests ?? []).filter((one) => !one.startsWith('<none>'));

/** Asks the registry, through the engine. Never throws for one that does not answer. */
export async function askRegistry(app: DockerApp & AuthApp, image: string, id: string): Promise<Newer> {
  try {
    const [digest, here] = await Promise.all([registryDigest(app, image), repoDigests(app, id)]);
    return { state: here.some((one) => one.endsWith(`@${digest}`)) ? 'same' : 'newer', digest };
  } catch (error) {
    if (error instanceof AppError) return { state: 'unknown', why: error };
    throw error;
  }
}

/** What differs is told, and not what is secret in it. */
const safe = (part: string) => (line: string) => (part === 'env' ? variablesOf([line]).map(({ name, value }) => `${name}=${value}`)[0]! : hideCommand(line));

/** What another image would change: the parts of a container that come from it. */
export function differences(before: Config, after: Config): { part: 'env' | 'command' | 'entrypoint' | 'ports' | 'volumes' | 'user' | 'workingDir'; gone: string[]; come: string[] }[] {
  const keys = (record: Record<string, unknown> | null | undefined) => Object.keys(record ?? {});
  const parts = [
    ['env', before.Env ?? [], after.Env ?? []],
    ['command', [before.Cmd?.join(' ') ?? ''], [after.Cmd?.join(' ') ?? '']],
    ['entrypoint', [before.Entrypoint?.join(' ') ?? ''], [after.Entrypoint?.join(' ') ?? '']],
    ['ports', keys(before.ExposedPorts), keys(after.ExposedPorts)],
    ['volumes', keys(before.Volumes), keys(after.Volumes)],
    ['user', [before.User ?? ''], [after.User ?? '']],
    ['workingDir', [before.WorkingDir ?? ''], [after.WorkingDir ?? '']],
  ] as const;
  return parts
    .map(([part, was, is]) => ({ part, gone: was.filter((one) => one !== '' && !is.includes(one)), come: is.filter((one) => one !== '' && !was.includes(one)) }))
    .filter(({ gone, come }) => gone.length + come.length > 0)
    .map(({ part, gone, come }) => ({ part, gone: gone.map(safe(part)), come: come.map(safe(part)) }));
}
