import type { z } from 'zod';
import { AppError, type ErrorCode } from '../../lib/errors.ts';
import { DockerError, type DockerCall, type DockerStream } from '../../platform/docker.ts';
import type { App } from '../app.ts';

export type DockerApp = Pick<App, 'host'>;

/** Asks the engine and checks what it answers. @throws AppError as `refusal` says */
export async function askDocker<S extends z.ZodType>(app: DockerApp, call: DockerCall, schema: S): Promise<z.output<S>> {
  const found = schema.safeParse(await app.host.docker.ask(call).catch(refuse));
  if (found.success) return found.data;
  throw new AppError('unavailable', (t) => t.docker.strange, { cause: found.error, detail: `${call.method ?? 'GET'} ${call.path}: ${found.error.issues[0]?.path.join('.')}: ${found.error.issues[0]?.message}` });
}

/** Tells the engine to do something. @throws AppError as `refusal` says */
export async function tellDocker(app: DockerApp, call: DockerCall): Promise<void> {
  await app.host.docker.ask({ method: 'POST', ...call }).catch(refuse);
}

/** What comes as it comes; one that breaks on the way says so in the same words. @throws AppError as `refusal` says */
export async function streamDocker(app: DockerApp, call: DockerCall): Promise<DockerStream> {
  const stream = await app.host.docker.stream(call).catch(refuse);
  async function* pieces() {
    try {
      yield* stream;
    } catch (error) {
      refuse(error);
    }
  }
  return Object.assign(pieces(), { destroy: () => stream.destroy() });
}

const CODES: Record<number, ErrorCode> = { 400: 'invalid', 403: 'denied', 404: 'not_found', 409: 'conflict' };

/** What an engine refused, in its own words: it names what is missing or taken better than anybody. */
export function refusal(error: DockerError): AppError {
  const { status, message } = error;
  if (typeof status !== 'number') return new AppError('unavailable', (t) => t.docker.away[status], { cause: error, detail: message, retryAfter: 5 });
  return new AppError(CODES[status] ?? 'unavailable', (t) => t.docker.refused({ message: message.slice(0, 500) }), { cause: error });
}

/** null for what is not there. @throws everything else */
export function orMissing<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  });
}

function refuse(error: unknown): never {
  throw error instanceof DockerError ? refusal(error) : error;
}
