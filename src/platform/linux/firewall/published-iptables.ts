import type { Exec } from '../../exec.ts';
import type { FirewallPlan, FirewallStep, PublishedRule, PublishedState } from '../../firewall.ts';
import { planOf, portText, TOOL_MS } from './plan.ts';

/** Docker asks DOCKER-USER before its own rules and leaves it alone; this one of ours is asked from there. */
const CHAIN = 'MANTOU-DOCKER';
const USER = 'DOCKER-USER';

/** What a rule is about, one for each line that it takes: none of both languages has all protocols, or several ports, in one. */
export function publishedMatches({ protocol, ports }: PublishedRule, between: ':' | '-'): { protocol: 'tcp' | 'udp' | null; port: string | null }[] {
  const protocols = ports.length === 0 && protocol === 'any' ? [null] : protocol === 'any' ? (['tcp', 'udp'] as const) : [protocol];
  const each = ports.length ? ports.map((one) => portText(one, between)) : [null];
  return protocols.flatMap((of) => each.map((port) => ({ protocol: of, port })));
}

/**
 * Lines of our chain. A packet to a published port has its destination changed by then: what was asked for is known to the
 * connection tracking (`--ctorigdstport`). `--ctstate DNAT` leaves out what containers send to others. They are written as
 * `iptables -S` gives them back.
 */
export function publishedLines(rule: PublishedRule, family: 'v4' | 'v6'): string[] {
  if (rule.family !== 'both' && rule.family !== family) return [];
  const source = rule.source === null ? [] : ['-s', rule.source.includes('/') ? rule.source : `${rule.source}/${rule.source.includes(':') ? 128 : 32}`];
  const on = rule.interface === null ? [] : ['-i', rule.interface];
  return publishedMatches(rule, ':').map(({ protocol, port }) =>
    ['-A', CHAIN, ...source, ...on, ...(protocol ? ['-p', protocol] : []), '-m', 'conntrack', '--ctstate', 'DNAT', ...(port ? ['--ctorigdstport', port] : []), '--ctdir', 'ORIGINAL', '-j', rule.action === 'allow' ? 'RETURN' : 'DROP'].join(' '),
  );
}

/** Rules of a chain that Docker asks, where it works with iptables. */
export function createPublishedChain(exec: Exec) {
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
    const lines = rules.flatMap((rule) => publishedLines(rule, version));
    if (lines.length === 0 && before === null) return [];
    const [path, restore] = [exec.which(tool)!, exec.which(`${tool}-restore`)!];
    const load = (of: readonly string[]): FirewallStep => ({ run: [restore, '--noflush'], stdin: ['*filter', `:${CHAIN} - [0:0]`, ...of, 'COMMIT', ''].join('\n') });
    const ask = (verb: '-I' | '-D'): FirewallStep => ({ run: [path, verb, USER, '-j', CHAIN] });
    if (lines.length === 0) return [{ does: ask('-D'), undo: [ask('-I')] }, { does: load([]), undo: [load(before ?? [])] }];
    return [{ does: load(lines), undo: [load(before ?? [])] }, ...(before === null ? [{ does: ask('-I'), undo: [ask('-D')] }] : [])];
  }

  return {
    has: (rule: PublishedRule, { v4, v6, docker6 }: PublishedState) => publishedLines(rule, 'v4').every((line) => v4?.includes(line)) && (!docker6 || publishedLines(rule, 'v6').every((line) => v6?.includes(line))),
    isHere: () => exec.which('iptables') !== undefined && exec.which('iptables-restore') !== undefined,
    /** `docker`: the engine has made its chain. */
    async read() {
      const [v4, v6] = await Promise.all([family('iptables'), family('ip6tables')]);
      return { docker: v4.docker || v6.docker, v4: v4.ours, v6: v6.ours, docker6: v6.docker };
    },
    plan: (rules: readonly PublishedRule[], { v4, v6, docker6 }: PublishedState) => planOf([...steps('iptables', 'v4', rules, v4), ...(docker6 ? steps('ip6tables', 'v6', rules, v6) : [])]),
  };
}
