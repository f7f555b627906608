import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { hostPort } from '../../lib/host-port.ts';
import { say } from '../../lib/issue.ts';
import { parseNetwork } from '../../lib/network.ts';
import type { Forward, ForwardSpec } from '../../platform/firewall.ts';
import type { Actor, App } from '../app.ts';
import { changeFirewall, type Done } from './change.ts';
import { forwardKey } from './firewall.ts';
import { keep, keptRow, letGo } from './kept.ts';

const badPort = say('firewall.onePort', (t) => t.firewall.onePort);
const Port = z.coerce.number(badPort).int(badPort).min(1, badPort).max(65_535, badPort);
const badMachine = say('firewall.machine', (t) => t.firewall.badMachine);

export const ForwardInput = z.strictObject({
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  port: Port,
  /** Of another machine; empty: this one. */
  toAddress: z.string().trim().max(45, badMachine).default('').transform((text, ctx) => {
    if (text === '') return null;
    const one = parseNetwork(text);
    if (one && !text.includes('/')) return one.text;
    ctx.addIssue({ code: 'custom', message: badMachine });
    return z.NEVER;
  }),
  toPort: Port,
}).refine(({ port, toAddress, toPort }) => toAddress !== null || port !== toPort, { path: ['toPort'], message: say('firewall.samePort', (t) => t.firewall.samePort) });

/** "tcp 80 → 10.0.0.5:8080" */
export const forwardText = ({ protocol, port, toAddress, toPort }: ForwardSpec) => `${protocol} ${port} → ${toAddress === null ? toPort : hostPort({ address: toAddress, port: toPort })}`;

const keeping = (spec: ForwardSpec) => ({ kind: 'forward', key: forwardKey(spec), spec, comment: '' }) as const;

/** @throws AppError denied, conflict (it is there, or would take the panel's port away), unsupported, unavailable */
export function addForward(app: App, actor: Actor, spec: ForwardSpec, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    if (state.forwards.some((one) => one.protocol === spec.protocol && one.port === spec.port)) throw new AppError('conflict', (t) => t.firewall.forwardThere({ port: String(spec.port) }), { field: 'port' });
    return { changes: [{ verb: 'forward', forward: spec }], action: 'firewall.forward', target: forwardText(spec), armed, kept: (id) => keep(app, actor, keeping(spec), id) };
  });
}

export function findForward(forwards: readonly Forward[], id: string): Forward {
  const found = forwards.find((one) => one.id === id);
  if (!found) throw new AppError('not_found', (t) => t.firewall.gone);
  return found;
}

/** @throws AppError denied, not_found, unavailable */
export function removeForward(app: App, actor: Actor, id: string): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    const forward = findForward(state.forwards, id);
    return { changes: [{ verb: 'unforward', forward }], action: 'firewall.unforward', target: forwardText(forward), armed: false, kept: (armedId) => letGo(app, 'forward', [forwardKey(forward)], armedId) };
  });
}

/** One of ours that somebody removed comes back. @throws AppError denied, not_found, conflict, unavailable */
export function putForwardBack(app: App, actor: Actor, id: string, options: { armed: boolean }): Promise<Done> {
  const row = keptRow(app, id);
  if (row?.kind !== 'forward') throw new AppError('not_found', (t) => t.firewall.gone);
  return addForward(app, actor, row.spec as ForwardSpec, options);
}
