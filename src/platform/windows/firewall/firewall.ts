import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Exec } from '../../exec.ts';
import { NO_FIREWALL, noFirewall, type FirewallAbilities, type FirewallDriver, type FirewallPlan, type FirewallPolicy, type FirewallProfile, type FirewallRule, type FirewallState } from '../../firewall.ts';
import { runStep } from '../../linux/firewall/plan.ts';
import type { RegistryDriver } from '../../registry.ts';
import { isBlockRule } from '../blocks/rules.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { systemTool } from '../system-tool.ts';
import { planChange, type Native, type WindowsStep } from './plan.ts';
import { createPolicyReader, numberOf, PROFILE_NAMES, SERVICE_RUNS, textOf, valuesAt } from './policy.ts';
import { forwardOf, PORT_PROXY, proxyOf, TABLES } from './portproxy.ts';
import { ruleOf } from './rules.ts';

const SERVICE = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\mpssvc';
const AUTOMATIC = 2;
const PROFILES: Record<number, FirewallProfile['name']> = { 1: 'domain', 2: 'private', 4: 'public' };

export const NETSECURITY_ABILITIES: FirewallAbilities = {
  actions: ['allow', 'deny'], out: true, lists: true, anyPorts: 'none', interfaces: false, destinations: true, comments: true, limit: null, defaults: ['in', 'out'], ordered: false, merges: false,
};

/** What was exported before a change is of use until that is kept or taken back, also after a reboot. */
const EXPORTS_KEPT = 7 * 86_400_000;

/** NET_FW_ACTION */
const policyOf = (action: number): FirewallPolicy => (action === 0 ? 'deny' : 'allow');

/** @param exports folder for what `netsh advfirewall export` writes before a change */
export function createWindowsFirewall(exec: Exec, registry: RegistryDriver, shell: PowerShell, exports: () => string): FirewallDriver {
  const netsh = () => systemTool(exec, 'netsh');
  const policyNow = createPolicyReader(registry, shell);
  const values = (path: string) => valuesAt(registry, path);

  async function proxies() {
    const tables = await Promise.all(TABLES.map(async (table) => (await values(`${PORT_PROXY}\\${table}\\tcp`)).flatMap((value) => proxyOf(table, value.name, textOf(value)) ?? [])));
    return tables.flat().map((proxy) => ({ proxy, forward: forwardOf(proxy) }));
  }

  async function read(): Promise<FirewallState> {
    const [{ facts, ruled, rules: all, called }, forwards, service] = await Promise.all([policyNow(), proxies(), values(SERVICE)]);
    // Blocked addresses have a page of their own, as they have a table of their own elsewhere.
    const rules = all.filter(({ name }) => !isBlockRule(name));
    const here = facts.profiles.filter(({ current }) => current);
    const asked = (here.length ? here : facts.profiles).filter(({ enabled }) => enabled);
    const current = here.map(({ type }) => PROFILE_NAMES[type] ?? '');
    const ignored = current.length > 0 && current.every((name) => ruled.alone.includes(name));
    const unasked = (shown: FirewallRule): FirewallRule => ({ ...shown, aside: true, extra: [shown.extra, 'AllowLocalPolicyMerge=0'].filter(Boolean).join(', ') });
    const made = rules.map((rule) => {
      const shown = ruleOf(rule, called, current);
      return { rule, shown: ignored && rule.store === 'local' ? unasked(shown) : shown };
    });
    const one = (which: 'inbound' | 'outbound'): FirewallPolicy | null => (facts.profiles.length === 0 ? null : (asked.length ? asked : facts.profiles).some((profile) => profile[which] === 0) ? 'deny' : 'allow');
    const active = facts.service === SERVICE_RUNS && asked.length > 0;
    const start = service.find(({ name }) => name.toLowerCase() === 'start');
    const native: Native = {
      export: join(exports(), `before-${crypto.randomUUID()}.wfw`), running: facts.service === SERVICE_RUNS, byPolicy: { ...ruled, rules: ignored },
      rules: new Map(made.map(({ rule, shown }) => [shown.id, rule])), proxies: new Map(forwards.map(({ proxy, forward }) => [forward.id, proxy])),
    };
    return noFirewall({
      provider: 'netsecurity', active, boot: active && (!start || numberOf(start) === AUTOMATIC), policies: { in: one('inbound'), out: one('outbound'), forward: null },
      profiles: facts.profiles.flatMap(({ type, current: isCurrent, enabled, inbound, outbound, shielded }) => {
        const name = PROFILES[type];
        return name ? [{ name, current: isCurrent, enabled, shielded, policies: { in: policyOf(inbound), out: policyOf(outbound) } }] : [];
      }),
      rules: made.map(({ shown }) => shown), forwards: forwards.map(({ forward }) => forward), abilities: NETSECURITY_ABILITIES, native,
    });
  }

  async function run(step: WindowsStep) {
    if (step.call) await shell.call('firewall.ps1', step.call.verb, step.call.given, z.object({}));
    else await runStep(exec, step);
  }

  /** Plans for one state share their export, and what takes them back. */
  function once(steps: readonly WindowsStep[]): WindowsStep[] {
    const line = (step: WindowsStep) => JSON.stringify('run' in step && !step.call && step.run[1] === 'advfirewall' ? step.run : [crypto.randomUUID()]);
    const seen = new Set<string>();
    return steps.filter((step) => {
      const key = line(step);
      return !seen.has(key) && seen.add(key);
    });
  }

  async function apply({ steps }: FirewallPlan) {
    sweep(exports());
    const wanted = once(steps.map(({ does }) => does));
    const done: FirewallPlan['steps'] = [];
    for (const step of steps.filter(({ does }) => wanted.includes(does))) {
      try {
        await run(step.does);
        done.push(step);
      } catch (error) {
        for (const undo of once(done.toReversed().flatMap((each) => each.undo))) await run(undo).catch(() => {});
        throw error;
      }
    }
  }

  return {
    read,
    plan: async (change, state) => planChange(netsh(), change, state),
    apply,
    async revert({ revert }) {
      for (const step of once(revert)) await run(step);
    },
    published: NO_FIREWALL.published,
    installable: () => [],
  };
}

/** Makes the folder for exports, and removes those that nothing needs any more. */
function sweep(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/^before-[\w-]+\.wfw$/.test(name) && Date.now() - statSync(path).mtimeMs > EXPORTS_KEPT) rmSync(path, { force: true });
  }
}
