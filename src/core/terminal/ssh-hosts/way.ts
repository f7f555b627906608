import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCompiled, ownCommand } from '../../../config/paths.ts';
import { AppError } from '../../../lib/errors.ts';
import { ASKPASS, ticketFile, type Ticket } from '../../../platform/ssh/askpass.ts';
import { hopAlias, knownHosts, sshConfig, type Hop, type Login } from '../../../platform/ssh/config.ts';
import { openHandover, type Handover } from '../../../platform/ssh/handover.ts';
import type { App } from '../../app.ts';
import { openSecret, type SshHostRow } from './hosts.ts';

/** How ssh is started for one way, and what it is given; `close` ends that. */
export interface PreparedWay {
  ssh: string;
  /** Options and host, without a command. */
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  handover: Handover;
}

/** @throws AppError unsupported where there is no ssh, or where it cannot be given secrets */
export function findSsh(app: Pick<App, 'config' | 'exec'>): string {
  if (app.config.demo) throw new AppError('unsupported', (t) => t.terminal.demo);
  const ssh = process.platform === 'linux' ? app.exec.which('ssh') : undefined;
  if (!ssh) throw new AppError('unsupported', (t) => t.sshHosts.noSsh);
  return ssh;
}

/** What a way is for, besides a terminal on a person's screen. */
interface Purpose {
  /** Name of a file in the handover: ssh only asks the first host for its key and writes it there. */
  lookAt?: string;
  /** Name of a socket in the handover, by which further ssh go through the same connection; there is no terminal. */
  share?: string;
}

/**
 * Unseals what the way needs and hands it over. @throws AppError unsupported
 */
export function prepareWay(app: Pick<App, 'config' | 'exec' | 'secrets'>, way: readonly SshHostRow[], { lookAt, share }: Purpose = {}): PreparedWay {
  const ssh = findSsh(app);
  const handover = openHandover(app.config.dataDir);
  try {
    const ticket: Record<string, Ticket[string]> = {};
    const hops = way.map((row, i): Hop => {
      const { hop, secrets } = hopOf(app, row, i, handover);
      if (secrets.password ?? secrets.passphrase) ticket[hopAlias(i)] = secrets;
      return hop;
    });
    if (lookAt !== undefined) delete ticket[hopAlias(0)];
    const trusted = handover.file('known_hosts', knownHosts(hops));
    const inside = (name: string) => join(handover.folder, name);
    const config = handover.file('config', sshConfig(hops, { knownHosts: trusted, ...(lookAt === undefined ? {} : { lookAt: inside(lookAt) }), ...(share === undefined ? {} : { share: inside(share) }) }));
    const env = Object.keys(ticket).length > 0 ? askpassEnv(app, handover, ticket) : {};
    return { ssh, argv: [ssh, '-F', config, lookAt === undefined && share === undefined ? '-tt' : '-T', '--', hopAlias(0)], env, handover };
  } catch (error) {
    handover.close();
    throw error;
  }
}

function hopOf(app: Pick<App, 'secrets'>, row: SshHostRow, index: number, handover: Handover): { hop: Hop; secrets: Ticket[string] } {
  const key = openSecret(app, row, 'privateKey');
  const keyPath = key === null ? row.keyPath || null : handover.secret(`key-${index}`, key);
  const { address, port, user, authentication, name: label } = row;
  const login: Login = keyPath !== null ? { kind: 'key', path: keyPath } : authentication === 'agent' ? { kind: 'agent', socket: row.agentSocket } : { kind: authentication === 'password' ? 'password' : 'ask' };
  return {
    hop: { address, port, user, login, keys: row.pinnedKeys },
    secrets: { label, keyPath, password: openSecret(app, row, 'password'), passphrase: openSecret(app, row, 'passphrase') },
  };
}

/** ssh asks this very program. Only when something is kept: what is typed anyway is asked best by ssh itself. */
function askpassEnv(app: Pick<App, 'config'>, handover: Handover, ticket: Ticket) {
  handover.secret(ticketFile.name, ticketFile.text(ticket));
  // OpenSSH 8.4 is the first to ask it though there is a terminal; before, everything is typed.
  return { SSH_ASKPASS: askpassProgram(app.config.dataDir), SSH_ASKPASS_REQUIRE: 'force', [ASKPASS]: handover.folder };
}

/** SSH_ASKPASS is one path, without arguments: from the sources, a script with the two that make the program. */
function askpassProgram(dataDir: string): string {
  if (isCompiled()) return process.execPath;
  const folder = join(dataDir, 'terminals');
  const script = join(folder, 'askpass');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const quoted = ownCommand().map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(script, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o700 });
  chmodSync(script, 0o700);
  return script;
}
