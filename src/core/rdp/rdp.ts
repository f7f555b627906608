import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { stepText } from '../../platform/armed/plan.ts';
import type { RdpDriver, RdpSession, RdpSettings, RdpState } from '../../platform/rdp.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { applyArmed, type ArmedChange } from '../armed/armed.ts';
import { record } from '../audit/audit.ts';

export { RDP_SESSION_STATES } from '../../platform/rdp.ts';

const badPort = say('rdp.port', (t) => t.rdp.badPort);
export const RdpInput = z.strictObject({ on: z.boolean(), port: z.coerce.number(badPort).int(badPort).min(1, badPort).max(65_535, badPort), nla: z.boolean() });

export interface Rdp {
  state: RdpState;
  /** null: they cannot be told here. */
  sessions: RdpSession[] | null;
}

function driverOf(app: App): RdpDriver {
  const refusal = app.host.rdp.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return app.host.rdp;
}

/** @throws AppError unsupported elsewhere than on Windows */
export async function readRdp(app: App, actor: Actor): Promise<Rdp> {
  need(actor, 'rdp.read');
  const driver = driverOf(app);
  const [state, sessions] = await Promise.all([driver.read(), driver.sessions().catch(() => null)]);
  return { state, sessions };
}

/** What would run, in the order that it runs in. */
export function rdpCommands(app: App, from: RdpSettings, to: RdpSettings): string[] {
  return driverOf(app).plan(from, to).apply.map((run) => stepText({ run }));
}

/**
 * All of it as one change, which reverts by itself unless it is kept: whoever is cut off by it is let in again.
 * @returns null when everything is as it should be already
 * @throws AppError conflict: the port is another program's, or an earlier change waits to be kept; unavailable: a tool refused, and it is as it was
 */
export async function changeRdp(app: App, actor: Actor, to: z.output<typeof RdpInput>): Promise<ArmedChange | null> {
  need(actor, 'rdp.write');
  const driver = driverOf(app);
  const { on, port, nla } = await driver.read();
  const from: RdpSettings = { on, port, nla };
  if (from.on === to.on && from.port === to.port && from.nla === to.nla) return null;
  if (to.port !== from.port) await needFree(app, to.port);
  const { apply, revert } = driver.plan(from, to);
  const commands = apply.map((run) => stepText({ run }));
  const entry = { action: 'rdp.change', target: targetOf(from, to), params: { from, to }, commands };
  try {
    const change = await applyArmed(app, actor, { noun: 'rdp', target: targetOf(from, to), revert, undo: () => driver.apply(to, from) }, () => driver.apply(from, to));
    record(app, actor, entry);
    return change;
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  }
}

async function needFree(app: App, port: number) {
  const listeners = await app.host.processes.listeners().catch(() => []);
  if (port === app.config.port || listeners.some((one) => one.protocol === 'tcp' && one.port === port)) {
    throw new AppError('conflict', (t) => t.rdp.portTaken({ port: String(port) }), { field: 'port' });
  }
}

/** "3389 → 3390, NLA on" */
function targetOf(from: RdpSettings, to: RdpSettings): string {
  const parts = [
    from.on === to.on ? '' : to.on ? 'on' : 'off', from.port === to.port ? '' : `port ${from.port} → ${to.port}`, from.nla === to.nla ? '' : `NLA ${to.nla ? 'on' : 'off'}`,
  ];
  return parts.filter(Boolean).join(', ');
}
