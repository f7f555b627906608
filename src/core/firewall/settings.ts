import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { Network } from '../../lib/network.ts';
import type { FirewallChange, FirewallState, RuleSpec } from '../../platform/firewall.ts';
import type { Actor, App } from '../app.ts';
import { changeFirewall, type Done } from './change.ts';
import { keep } from './kept.ts';
import { dropsOnly, expand, partlyOff, ruleKey } from './rule.ts';
import { waysOf } from './ways.ts';

export const PolicyInput = z.strictObject({
  direction: z.enum(['in', 'out', 'forward']),
  policy: z.enum(['allow', 'deny', 'reject']),
  zone: z.string().regex(/^[\w-]{0,40}$/).default('').transform((text) => text || null),
});

/** Rules for the ways in that there are now: SSH, the remote desktop and this panel; its own port for the proxies before it. */
export async function waysIn(app: App, actor: Actor, state: FirewallState): Promise<RuleSpec[]> {
  const { panelPort, sshPorts, rdpPort, proxies, doorPort } = await waysOf(app, actor);
  const zone = state.zones[0]?.name ?? null;
  const named: [number, string, Network | null][] = [
    ...sshPorts.map((port): [number, string, null] => [port, 'SSH', null]), ...(rdpPort ? [[rdpPort, 'RDP', null] as [number, string, null]] : []), [panelPort, 'Mantou', null],
    ...proxies.map((proxy): [number, string, Network] => [doorPort, 'Mantou', proxy]),
  ];
  const there = new Set(state.rules.flatMap(({ spec }) => (spec ? [ruleKey(spec)] : [])));
  return named.map(([port, comment, from]): RuleSpec => ({
    action: 'allow', direction: 'in', protocol: 'tcp', ports: [{ from: port, to: port }], service: null, source: from?.length ? from.text : null, destination: null, interface: null, zone,
    family: from?.family ?? 'both', comment, program: null, profile: null, enabled: true,
  })).flatMap((spec) => expand(spec, state.abilities)).filter((spec) => !there.has(ruleKey(spec)));
}

/**
 * `letIn`: with rules for SSH and the panel before it begins to filter.
 * @throws AppError denied, conflict (it is on, or it locks out), unavailable
 */
export function enableFirewall(app: App, actor: Actor, { letIn, armed }: { letIn: boolean; armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, async (state) => {
    if (state.active && !partlyOff(state)) throw new AppError('conflict', (t) => t.firewall.isOn);
    const allow = letIn ? await waysIn(app, actor, state) : [];
    return {
      changes: [{ verb: 'enable', allow }], action: 'firewall.enable', target: state.provider ?? '', armed,
      kept: (id) => allow.forEach((spec) => keep(app, actor, { kind: 'rule', key: ruleKey(spec), spec, comment: spec.comment }, id)),
    };
  });
}

/** @throws AppError denied, conflict, unavailable */
export function disableFirewall(app: App, actor: Actor): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    if (!state.active) throw new AppError('conflict', (t) => t.firewall.isOff);
    return { changes: [{ verb: 'disable' }], action: 'firewall.disable', target: state.provider ?? '', armed: false };
  });
}

/** What happens to what no rule is about. @throws AppError denied, conflict, unsupported, unavailable */
export function setPolicy(app: App, actor: Actor, { direction, policy, zone }: z.output<typeof PolicyInput>, { armed }: { armed: boolean }): Promise<Done> {
  return changeFirewall(app, actor, (state) => {
    return { changes: [policyChange({ direction, policy, zone }, state)], action: 'firewall.policy', target: `${zone ? `${zone} ` : ''}${direction}: ${policy}`, armed };
  });
}

export function policyChange({ direction, policy, zone }: z.output<typeof PolicyInput>, state: FirewallState): FirewallChange {
  if (!state.abilities.defaults.includes(direction)) throw new AppError('unsupported', (t) => t.firewall.cannotDo.policy({ name: state.provider ?? '' }));
  if (policy === 'reject' && dropsOnly(state)) throw new AppError('unsupported', (t) => t.firewall.cannotDo.rejectPolicy({ name: state.provider ? t.firewall.providers[state.provider] : '' }));
  return { verb: 'policy', direction, policy, zone };
}
