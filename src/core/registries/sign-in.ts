import { AppError } from '../../lib/errors.ts';
import { hideValues } from '../../lib/hide-values.ts';
import { DockerError } from '../../platform/docker.ts';
import type { DockerApp } from '../docker/ask.ts';
import { addressOf } from './host.ts';

export interface Credentials {
  host: string;
  user: string;
  password: string;
}

/** A registry that is far, or a name that nobody knows, must not keep a page waiting for long. */
const ASK_MS = 20_000;

/**
 * POST /auth: the engine asks the registry, so it is the engine's network that counts.
 * @throws AppError invalid in the words of the engine when they are refused, unavailable when nobody answers
 */
export async function signIn(app: DockerApp, { host, user, password }: Credentials): Promise<void> {
  try {
    await app.host.docker.ask({ method: 'POST', path: '/auth', body: { username: user, password, serveraddress: addressOf(host) }, timeout: ASK_MS });
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const { status } = error;
    // Whatever stands in the answer of a foreign server, a password does not come back in it.
    const message = hideValues(error.message, [password]).slice(0, 500);
    // The error itself would be logged with what it says.
    const cause = new DockerError(status, message);
    if (typeof status !== 'number' && status !== 'silent') throw new AppError('unavailable', (t) => t.docker.away[status], { cause, detail: message, retryAfter: 5 });
    throw new AppError('invalid', (t) => (status === 'silent' ? t.registries.silent({ host }) : t.registries.refused({ message })), { cause });
  }
}
