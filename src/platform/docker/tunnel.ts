import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerError } from '../docker.ts';
import { converse, type Conversation, type Exec } from '../exec.ts';
import { HELD_BY } from '../ssh/handover.ts';
import { openRelay, type Relay } from './relay.ts';

/** How ssh is started on this way: options, `--`, host. Its configuration shares one connection by `SHARE` in the folder. */
export interface TunnelWay {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  folder: string;
}

export const SHARE = 'share';

/** An engine on the other side of ssh, as a socket of this machine. */
export interface Tunnel {
  socket: string;
  /** Is there a docker command on the other side? */
  hasDocker: boolean;
  alive(): boolean;
  close(): void;
}

const SIGN_IN_MS = 25_000;
const ASK_MS = 10_000;
const LOOK_MS = 20;

/** Where `docker` there looks: its context, DOCKER_HOST, an engine without root. */
const WHERE = ['docker', 'context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'] as const;
const USUAL = '/var/run/docker.sock';

/** Options go before the host. */
const withOptions = ([ssh, ...rest]: TunnelWay['argv'], ...options: string[]): [string, ...string[]] => [ssh, ...rest.slice(0, -2), ...options, ...rest.slice(-2)];

/**
 * One sign-in for everything: ssh holds a connection, and each request is a channel of it. What leads to the engine's socket is
 * ssh's own forwarding, a request takes as long as its way; where a server forbids that, `docker system dial-stdio` on the
 * other side speaks for it, of which a server lets ten run at once (sshd_config(5), MaxSessions).
 * @throws DockerError
 */
export async function openTunnel(exec: Exec, way: TunnelWay): Promise<Tunnel> {
  const { argv, env, folder } = way;
  const master = converse(withOptions(argv, '-N'), { ...env });
  let ended = false;
  void master.exited.then(() => (ended = true));
  let relay: Relay | null = null;
  const close = () => {
    relay?.close();
    master.end();
  };
  try {
    writeFileSync(join(folder, HELD_BY), String(master.pid), { mode: 0o600 });
    await signedIn(master, join(folder, SHARE), () => ended);
    // Through the connection that is there, or not at all.
    const session = (options: string[], words: readonly string[]): [string, ...string[]] => [...withOptions(argv, '-o', 'ControlMaster=no', ...options), ...words];
    const { code, stdout } = await exec.run(session([], WHERE), { timeout: ASK_MS, cap: 4096 });
    const hasDocker = code !== 127;
    const path = /^unix:\/\/(\/[\w.@/-]{1,100})$/m.exec(stdout)?.[1] ?? USUAL;
    const socket = join(folder, 'engine.sock');
    const forward = await exec.run(withOptions(argv, '-O', 'forward', '-L', `${socket}:${path}`), { timeout: ASK_MS });
    if (forward.code === 0 && (await answers(socket))) return { socket, hasDocker, alive: () => !ended, close };
    const why = lastLine(master.complaints() || forward.stderr);
    if (!hasDocker) throw new DockerError('absent', `${path}: ${why}`);
    const beside = join(folder, 'relay.sock');
    relay = await openRelay(beside, () => converse(session([], ['docker', 'system', 'dial-stdio'])));
    if (await answers(beside)) return { socket: beside, hasDocker, alive: () => !ended, close };
    throw await relayFault(relay, `${path}: ${why}`);
  } catch (error) {
    close();
    throw error;
  }
}

async function relayFault(relay: Relay, otherwise: string): Promise<DockerError> {
  // The program ends after its answer has.
  for (let i = 0; i < 25 && !relay.complaint(); i++) await Bun.sleep(LOOK_MS);
  const said = lastLine(relay.complaint()) || otherwise;
  return new DockerError(/permission denied/i.test(said) ? 'refused' : 'absent', said);
}

async function signedIn(master: Conversation, share: string, ended: () => boolean): Promise<void> {
  const end = performance.now() + SIGN_IN_MS;
  while (!existsSync(share)) {
    if (ended()) throw signInFault(master.complaints());
    if (performance.now() > end) throw new DockerError('silent', 'ssh: not signed in in time');
    await Bun.sleep(LOOK_MS);
  }
}

/** What ssh says before it gives up: its last line, and for a host key the reason stands above it. */
export function signInFault(said: string): DockerError {
  const last = lastLine(said);
  if (/host key verification failed|host key is known|host identification has changed/i.test(said)) return new DockerError('untrusted', last);
  if (/permission denied|too many authentication failures/i.test(said)) return new DockerError('refused', last);
  if (/could not resolve|connection refused|no route|timed out|unreachable|name or service/i.test(said)) return new DockerError('absent', last);
  return new DockerError('broken', last || 'ssh ended');
}

const lastLine = (text: string) => text.trim().split(/\r?\n/).map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, '').trim()).filter(Boolean).at(-1)?.slice(0, 300) ?? '';

/** Does an engine speak there? Whatever it says. */
async function answers(socket: string): Promise<boolean> {
  try {
    const response = await fetch('http://docker/_ping', { unix: socket, signal: AbortSignal.timeout(ASK_MS) } as RequestInit);
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
