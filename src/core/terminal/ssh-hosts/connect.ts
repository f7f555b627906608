import { homedir } from 'node:os';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { start, type TerminalNow } from '../terminals.ts';
import { sshHostRow, wayTo, type SshHostRow } from './hosts.ts';
import { asksOnTheWay, lookAtHostKey } from './keys.ts';
import { keyChanged } from './shown-key.ts';
import { findSsh, prepareWay } from './way.ts';

/** Servers give so long to sign in (sshd_config(5), LoginGraceTime): after that ssh needs nothing more from us. */
const SIGN_IN_MS = 120_000;

/** `keyOf`: a person has to look at the key of this host before anything else: of the one asked for, or of one on the way. */
export type Connected = { terminal: TerminalNow } | { keyOf: string };

/**
 * Opens a terminal on a saved host. Before, each machine on the way shows its key: one that nobody has pinned, or that is
 * another than the pinned one, is a person's decision; ssh itself checks again.
 * @throws AppError denied, not_found, unavailable (does not answer), unsupported, conflict (too many terminals)
 */
export async function connectSshHost(app: App, actor: Actor, id: string, size: { cols: number; rows: number }): Promise<Connected> {
  need(actor, 'terminal.open');
  findSsh(app);
  const way = wayTo(app, id);
  // From here outwards: what lies behind a machine is reached only when that one is trusted.
  for (const row of way.toReversed()) if (await mustBeSeen(app, actor, row)) return { keyOf: row.id };
  return { terminal: await open(app, actor, wayTo(app, id), size) };
}

async function mustBeSeen(app: App, actor: Actor, { id, name, jumpId }: SshHostRow): Promise<boolean> {
  try {
    if (!asksOnTheWay(wayTo(app, id))) await lookAtHostKey(app, actor, id);
  } catch (error) {
    // Through a jump host there are more reasons than one: in the terminal ssh says which, and a person can answer it.
    if (!(error instanceof AppError) || error.code !== 'unavailable' || jumpId === null || sshHostRow(app, id).pinnedKeys.length === 0) throw error;
  }
  const row = sshHostRow(app, id);
  if (!keyChanged(row)) return row.pinnedKeys.length === 0;
  record(app, actor, { action: 'ssh_hosts.connect', target: name, result: 'refused', params: { address: row.address, port: row.port } });
  return true;
}

async function open(app: App, actor: Actor, way: readonly SshHostRow[], size: { cols: number; rows: number }): Promise<TerminalNow> {
  const [{ id, name, address, port, user, command }] = way as [SshHostRow];
  const { argv, env, handover } = prepareWay(app, way);
  try {
    const launch = { argv: command ? ([...argv, command] as const) : argv, cwd: '/', env: { ...environment(), ...env }, title: name };
    const terminal = await start(app, actor, { launch, kind: 'ssh', target: name, hostId: id, ...size });
    record(app, actor, { action: 'ssh_hosts.connect', target: name, params: { id: terminal.id, address, port, user, ...(way.length > 1 ? { through: way.slice(1).map((row) => row.name) } : {}) } });
    setTimeout(() => handover.close(), SIGN_IN_MS * way.length).unref();
    return terminal;
  } catch (error) {
    handover.close();
    throw error;
  }
}

/** Nothing of the panel's own; a terminal in a browser is UTF-8 in true colours. */
const environment = () => ({ HOME: homedir(), PATH: '/usr/local/bin:/usr/bin:/bin', SHELL: '/bin/sh', LANG: 'C.UTF-8', TERM: 'xterm-256color', COLORTERM: 'truecolor' });
