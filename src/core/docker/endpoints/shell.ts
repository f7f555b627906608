import { homedir } from 'node:os';
import { AppError } from '../../../lib/errors.ts';
import { DockerError } from '../../../platform/docker.ts';
import type { App } from '../../app.ts';
import { wayTo } from '../../terminal/ssh-hosts/hosts.ts';
import { prepareWay } from '../../terminal/ssh-hosts/way.ts';
import { refusal } from '../ask.ts';
import { endpointRow } from './endpoints.ts';

/** How `docker` is started in a terminal; `lent` is taken back when it has read what it needs. */
export interface DockerShell {
  argv(words: readonly string[]): [string, ...string[]];
  env: Record<string, string>;
  lent(): void;
}

/** Signing in has ended by then: sshd gives two minutes (LoginGraceTime). */
const SIGN_IN_MS = 120_000;
/** docker(1) reads certificates when it starts. */
const READ_MS = 30_000;

const environment = () => ({ HOME: homedir(), PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'xterm-256color', COLORTERM: 'truecolor' });

/** A word for the shell of another machine, which is the only thing that ssh speaks to there (RFC 4254, 6.5). */
export const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * `docker` on the engine that is chosen. It goes on when the panel is started again: behind ssh it is the docker of the other
 * machine, in a session of its own; only where there is none it is the one of this machine, through the panel's connection.
 * @throws AppError unsupported (no docker command), unavailable
 */
export async function dockerShell(app: App): Promise<DockerShell> {
  const id = app.engines.chosen();
  const ssh = app.engines.ssh(id);
  if (ssh && id !== null) {
    // So that what is wrong is said on the page, and it is known what is there.
    await ssh.ask({ path: '/_ping' }).catch(refuse);
    if (ssh.hasDocker()) return overSsh(app, endpointRow(app, id).sshHostId!);
  }
  const docker = app.exec.which('docker');
  if (!docker) throw new AppError('unsupported', (t) => t.container.noCommand);
  const { env, done } = await app.engines.lend();
  return { argv: (words) => [docker, ...words], env: { ...environment(), ...env }, lent: () => void setTimeout(done, READ_MS).unref() };
}

function overSsh(app: App, hostId: string): DockerShell {
  const way = wayTo(app, hostId);
  const { argv, env, handover } = prepareWay(app, way);
  return {
    argv: (words) => [...argv, ['docker', ...words].map(quoted).join(' ')],
    env: { ...environment(), ...env },
    lent: () => void setTimeout(() => handover.close(), SIGN_IN_MS * way.length).unref(),
  };
}

function refuse(error: unknown): never {
  throw error instanceof DockerError ? refusal(error) : error;
}
