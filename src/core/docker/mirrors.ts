import { z } from 'zod';
import { askDocker, type DockerApp } from './ask.ts';

const Info = z.object({ RegistryConfig: z.object({ Mirrors: z.array(z.string()).nullish() }).nullish() });

/** It counts all that it has for this answer: a form does not wait for that. */
const ASK_MS = 2000;

/** What the engine asks before Docker Hub, in order; none when it does not say. */
export const mirrorsOf = (app: DockerApp): Promise<string[]> =>
  askDocker(app, { path: '/info', timeout: ASK_MS }, Info).then(({ RegistryConfig }) => RegistryConfig?.Mirrors ?? [], () => []);
