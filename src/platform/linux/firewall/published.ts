import type { Exec } from '../../exec.ts';
import type { FirewallDriver, FirewallPlan, FirewallStep, PublishedRule, PublishedState } from '../../firewall.ts';
import { planOf, portText, TOOL_MS } from './plan.ts';

/** Docker asks DOCKER-USER before its own rules and leaves it alone; this one of ours is asked from there. */
const CHAIN = 'MANTOU-DOCKER';
const USER = 'DOCKER-USER';

/**
 * Lines of our chain. A packet to a published port has its destination changed by then: what was asked for is known to the
 * connection tracking (`--ctorigdstport`). `--ctstate DNAT` leaves out what containers send to others. They are written as
 * `iptables -S` gives them back.
 */
export function publishedLines(rule: PublishedRule, family: 'v4' | 'v6'): string[] {
  if (rule.family !== 'both' && rule.family !== family) return [];
  const source = rule.source === null ? [] : ['-s', rule.source.includes('/') ? rule.source : `${rule.source}/${rule.source.includes(':') ? 128 : 32}`];
  const on = rule.interface === null ? [] : ['-i', rule.interface];
  const protocols = rule.ports.length === 0 && rule.protocol === 'any' ? [null] : rule.protocol === 'any' ? ['tcp', 'udp'] : [rule.protocol];
  const ports = rule.ports.length ? rule.ports.map((one) => portText(one, ':')) : [null];
  return protocols.flatMap((protocol) =>
    ports.map((port) =>
      ['-A', CHAIN, ...source, ...on, ...(protocol ? ['-p', protocol] : []), '-m', 'conntrack', '--ctstate', 'DNAT', ...(port ? ['--ctorigdstport', port] : []), '--ctdir', 'ORIGINAL', '-j', rule.action === 'allow' ? 'RETURN' : 'DROP'].join(' '),
    ),
  );
}

export function createPublished(exec: Exec, isRoot: () => boolean): FirewallDriver['published'] {
  /** Rules of a chain; null: there is none. */
  async function chain(tool: string, name: string): Promise<string[] | null> {
    const { code, stdout } = await exec.run([tool, '-S', name], { timeout: TOOL_MS });
    return code === 0 ? stdout.split('\n').filter((line) => line.startsWith('-A ')) : null;
  }

  async function family(tool: string): Promise<{ docker: boolean; ours: string[] | null }> {
    const path = exec.which(tool);
    if (!path) return { docker: false, ours: null };
    const user = await chain(path, USER);
    const asked = user?.some((line) => line.endsWith(`-j ${CHAIN}`)) ?? false;
    return { docker: user !== null, ours: asked ? await chain(path, CHAIN) : null };
  }

  function steps(tool: 'iptables' | 'ip6tables', version: 'v4' | 'v6', rules: readonly PublishedRule[], before: string[] | null): FirewallPlan['steps'] {
    const [path, restore] = [exec.which(tool)!, exec.which(`${tool}-restore`)!];
    const lines = rules.flatMap((rule) => publishedLines(rule, version));
    const load = (of: readonly string[]): FirewallStep => ({ run: [restore, '--noflush'], stdin: ['*filter', `:${CHAIN} - [0:0]`, ...of, 'COMMIT', ''].join('\n') });
    const ask = (verb: '-I' | '-D'): FirewallStep => ({ run: [path, verb, USER, '-j', CHAIN] });
    if (lines.length === 0) return before === null ? [] : [{ does: ask('-D'), undo: [ask('-I')] }, { does: load([]), undo: [load(before)] }];
    return [{ does: load(lines), undo: [load(before ?? [])] }, ...(before === null ? [{ does: ask('-I'), undo: [ask('-D')] }] : [])];
  }

  return {
    async read(): Promise<PublishedState> {
      if (!exec.which('iptables') || !exec.which('iptables-restore')) return { hindrance: 'tools', v4: null, v6: null, docker6: false };
      if (!isRoot()) return { hindrance: 'root', v4: null, v6: null, docker6: false };
      const [v4, v6] = await Promise.all([family('iptables'), family('ip6tables')]);
      return { hindrance: v4.docker || v6.docker ? null : 'none', v4: v4.ours, v6: v6.ours, docker6: v6.docker };
    },
    has: (rule, { v4, v6, docker6 }) => publishedLines(rule, 'v4').every((line) => v4?.includes(line)) && (!docker6 || publishedLines(rule, 'v6').every((line) => v6?.includes(line))),
    plan: (rules, state) => planOf([...steps('iptables', 'v4', rules, state.v4), ...(state.docker6 ? steps('ip6tables', 'v6', rules, state.v6) : [])]),
  };
}

