import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { sshHosts } from '../../../db/schema/ssh-hosts.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../lib/errors.ts';
import { hostKeyFingerprint, parseHostKey } from '../../../platform/ssh/host-key.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { HostKeyInput } from './host-input.ts';
import { sshHostRow, wayTo, type SshHostRow } from './hosts.ts';
import { seenKeys } from './shown-key.ts';
import { findSsh, prepareWay } from './way.ts';

/** How long a machine may take to show its key, jump hosts included. */
const LOOK_MS = 20_000;

/** Is a person needed on the way, so that the panel cannot look by itself? */
export const asksOnTheWay = (way: readonly SshHostRow[]) => way.slice(1).some(({ authentication }) => authentication === 'ask');

/**
 * Asks a host for its key, with the same ssh and on the same way as a terminal would, and keeps what it shows. Nothing of
 * ours is sent to it. Jump hosts are signed in to with what is kept for them; their keys must have been pinned.
 * @throws AppError denied, not_found, conflict (a jump host asks for its password), unavailable, unsupported
 */
export async function lookAtHostKey(app: App, actor: Actor, id: string): Promise<void> {
  need(actor, 'terminal.open');
  const way = wayTo(app, id);
  const [host] = way as [SshHostRow];
  findSsh(app);
  if (asksOnTheWay(way)) throw new AppError('conflict', (t) => t.sshHosts.cannotLook({ name: host.name }));
  const unpinned = way.slice(1).find(({ pinnedKeys }) => pinnedKeys.length === 0);
  if (unpinned) throw new AppError('conflict', (t) => t.sshHosts.pinFirst({ name: unpinned.name }));
  const found = await look(app, way);
  if (!found.key) throw new AppError('unavailable', (t) => t.sshHosts.unreachable({ name: host.name, why: found.said }));
  app.db.update(sshHosts).set({ offeredKeys: [found.key], offeredAt: app.clock.now() }).where(eq(sshHosts.id, id)).run();
}

async function look(app: App, way: readonly SshHostRow[]): Promise<{ key: string | null; said: string }> {
  const { argv, env, handover } = prepareWay(app, way, { lookAt: 'seen' });
  try {
    // What it says when it lets somebody in without a password: the connection has served its purpose.
    const { stderr } = await app.exec.run([...argv, 'exit'], { timeout: LOOK_MS, cap: 64 * 1024, env: { ...env, SHELL: '/bin/sh' } });
    const seen = await readFile(join(handover.folder, 'seen'), 'utf8').catch(() => '');
    return { key: seen.split('\n').map(parseHostKey).find((key) => key !== null) ?? null, said: lastWords(stderr) };
  } finally {
    handover.close();
  }
}

/** `ssh: connect to host 10.0.0.5 port 22: Connection refused`; ssh ends its lines with CR LF. */
const lastWords = (stderr: string) => stderr.trim().split(/\r?\n/).map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, '').trim()).filter(Boolean).at(-1)?.slice(0, 300) ?? '';

/**
 * Pins the key that a person was shown, or the one that they give. Where another one was pinned, the name of the host is
 * typed: whoever sits between could have changed it.
 * @throws AppError denied, not_found, invalid (nothing to pin, name), conflict (it shows another by now)
 */
export function pinHostKey(app: App, actor: Actor, id: string, { seen, hostKey, confirm }: z.output<typeof HostKeyInput>): void {
  need(actor, 'terminal.open');
  transaction(app.db, () => {
    const row = sshHostRow(app, id);
    const keys = hostKey ? [hostKey] : row.offeredKeys;
    if (keys.length === 0) throw new AppError('invalid', (t) => t.sshHosts.nothingToPin, { field: 'hostKey' });
    if (!hostKey && seen !== seenKeys(keys)) throw new AppError('conflict', (t) => t.sshHosts.keyMoved);
    const replaces = row.pinnedKeys.length > 0 && !keys.every((key) => row.pinnedKeys.includes(key));
    if (replaces && confirm.trim() !== row.name) throw new AppError('invalid', (t) => t.sshHosts.confirmName({ name: row.name }), { field: 'confirm' });
    app.db.update(sshHosts).set({ pinnedKeys: keys, pinnedAt: app.clock.now(), offeredKeys: [], offeredAt: null }).where(eq(sshHosts.id, id)).run();
    const before = replaces ? { before: row.pinnedKeys.map(hostKeyFingerprint) } : {};
    record(app, actor, { action: 'ssh_hosts.pin', target: row.name, params: { address: row.address, port: row.port, fingerprints: keys.map(hostKeyFingerprint), ...before } });
  });
}
