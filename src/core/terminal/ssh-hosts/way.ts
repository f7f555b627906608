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

/**
 * Unseals what the way needs and hands it over.
 * @param lookAt name of a file in the handover: ssh only asks the first host for its key and writes it there
 */
export function prepareWay(app: App, way: readonly SshHostRow[], { lookAt }: { lookAt?: string } = {}): PreparedWay {
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
    const config = handover.file('config', sshConfig(hops, { knownHosts: trusted, ...(lookAt === undefined ? {} : { lookAt: join(handover.folder, lookAt) }) }));
    const env = Object.keys(ticket).length > 0 ? askpassEnv(app, handover, ticket) : {};
    return { ssh, argv: [ssh, '-F', config, lookAt === undefined ? '-tt' : '-T', '--', hopAlias(0)], env, handover };
  } catch (error) {
    handover.close();
    throw error;
  }
}

function hopOf(app: App, row: SshHostRow, index: number, handover: Handover): { hop: Hop; secrets: Ticket[string] } {
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
function askpassEnv(app: App, handover: Handover, ticket: Ticket) {
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
