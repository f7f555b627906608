import type { FirewallPlan, PublishedRule } from '../../firewall.ts';
import { PUBLISHED_FILE, tablePlan, type OwnTable } from './own-table.ts';
import { readTool } from './plan.ts';
import type { Surroundings } from './provider.ts';
import { publishedMatches } from './published-iptables.ts';

const TABLE: OwnTable = { name: 'inet mantou_published', file: PUBLISHED_FILE };
/** Of Docker's nftables backend, since 29: one for each version of IP (moby, libnetwork/drivers/bridge/internal/nftabler). */
const ENGINES = /^table ip6? docker-bridges$/m;

/**
 * Lines of our chain, as nft lists them again. What was asked for is known to the connection tracking, as it is translated by then;
 * `ct status dnat` leaves out what containers send to others. What is accepted here is asked by Docker's own chains after this one, and
 * what is dropped is not (nft(8), base chains). The "eth+" of iptables is "eth*" here.
 */
export function publishedNftLines(rule: PublishedRule): string[] {
  const on = rule.interface === null ? [] : [`iifname "${rule.interface.replace(/\+$/, '*')}"`];
  const source = rule.source === null ? [] : [`${rule.source.includes(':') ? 'ip6' : 'ip'} saddr ${rule.source}`];
  const family = rule.family === 'both' || rule.source !== null ? [] : [`meta nfproto ${rule.family === 'v4' ? 'ipv4' : 'ipv6'}`];
  return publishedMatches(rule, '-').map(({ protocol, port }) =>
    [...on, ...family, ...source, ...(protocol ? [`meta l4proto ${protocol}`] : []), 'ct direction original ct status dnat', ...(port ? [`ct original proto-dst ${port}`] : []), rule.action === 'allow' ? 'accept' : 'drop'].join(' '),
  );
}

/** Before Docker's chain, which stands at `filter`: those of one priority are asked in the order they were made. */
const bodyOf = (rules: readonly PublishedRule[]) =>
  [`table ${TABLE.name} {`, '\tchain forward {', '\t\ttype filter hook forward priority filter - 1; policy accept;', ...rules.flatMap(publishedNftLines).map((line) => `\t\t${line}`), '\t}', '}', ''].join('\n');

const linesOf = (table: string) => table.split('\n').map((line) => line.trim());

/** Rules in a table of ours that the kernel asks before Docker's, which has no place for those of others. */
export function createPublishedTable(around: Surroundings) {
  const { exec } = around;

  return {
    has(rule: PublishedRule, table: string | null) {
      if (table === null) return false;
      const lines = linesOf(table);
      return lines.some((line) => line.includes('hook forward')) && !lines.some((line) => line.startsWith('flags dormant')) && publishedNftLines(rule).every((line) => lines.includes(line));
    },
    isHere: () => exec.which('nft') !== undefined,
    /** `docker`: the engine has made its tables. `ours`: as nft lists it; null: it is not there. */
    async read(): Promise<{ docker: boolean; ours: string | null }> {
      const nft = exec.which('nft');
      if (!nft) return { docker: false, ours: null };
      const tables = await readTool(exec, [nft, 'list', 'tables']);
      const ours = tables.split('\n').includes(`table ${TABLE.name}`) ? await readTool(exec, [nft, 'list', 'table', ...TABLE.name.split(' ')]) : null;
      return { docker: ENGINES.test(tables), ours };
    },
    plan(rules: readonly PublishedRule[], before: string | null): Pick<FirewallPlan, 'steps' | 'commands'> {
      if (rules.length === 0 && before === null) return { steps: [], commands: [] };
      const body = rules.length ? bodyOf(rules) : null;
      const [was, is] = [before?.split('\n') ?? [], body?.split('\n') ?? []];
      const changes = [...was.filter((line) => !is.includes(line)).map((line) => `-${line}`), ...is.filter((line) => !was.includes(line)).map((line) => `+${line}`)];
      return tablePlan(around, TABLE, before, body, changes);
    },
  };
}
