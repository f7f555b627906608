import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { noFirewall, type FirewallAbilities, type FirewallChange, type FirewallPlan, type FirewallPolicy, type FirewallRule, type FirewallState, type RuleSpec } from '../../firewall.ts';
import { BASE, nftLine, NftRule, nftSpec } from './nft-rules.ts';
import { bootLoads, FILTER_FILE, tablePlan, type OwnTable } from './own-table.ts';
import { needTool, readTool, ruleId } from './plan.ts';
import type { Provider, Surroundings } from './provider.ts';

const TABLE: OwnTable = { name: 'inet mantou', file: FILTER_FILE };
const CHAINS = { input: 'input', output: 'output' };

const ABILITIES: FirewallAbilities = {
  actions: ['allow', 'deny', 'reject', 'limit'], out: true, lists: true, anyPorts: 'all', interfaces: true, destinations: true, comments: true,
  limit: 'all', defaults: ['in', 'out'], ordered: true, merges: false,
};

const base = (text: string) => `\t\t${text} accept comment "${BASE}"`;
/** Answers, the machine itself, what IP needs to work (RFC 4890), an address by DHCP, and what forwards of ours have redirected. */
const SKELETON = [
  `table ${TABLE.name} {`, '\tflags dormant', '',
  '\tchain input {', '\t\ttype filter hook input priority filter; policy drop;',
  ...['ct state established,related', 'iif "lo"', 'meta l4proto { icmp, ipv6-icmp }', 'udp sport 67 udp dport 68', 'udp dport 546', 'ct status dnat'].map(base), '\t}', '',
  '\tchain output {', '\t\ttype filter hook output priority filter; policy accept;',
  ...['ct state established,related', 'oif "lo"', 'meta l4proto { icmp, ipv6-icmp }', 'udp sport 68 udp dport 67', 'udp dport 547'].map(base), '\t}', '}', '',
];

const Listing = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });
const DORMANT = '\tflags dormant';
/** Tables of others are shown up to so many characters. */
const SHOWN = 20_000;

export function parseNft(json: string): NftRule[] {
  return Listing.parse(JSON.parse(json)).nftables.flatMap((one) => NftRule.safeParse(one.rule).data ?? []);
}

/** Where each rule stands in the listing, for going back to where it was. */
const lines = new WeakMap<FirewallRule, string>();
const bare = (line: string) => line.replace(/ # handle \d+$/, '');

export function createNftables(around: Surroundings): Provider {
  const { exec } = around;
  const nft = (...words: string[]) => readTool(exec, [needTool(exec, 'nft'), ...words]);

  async function read(): Promise<FirewallState> {
    const tables = [...(await nft('list', 'tables')).matchAll(/^table (.+)$/gm)].map((found) => found[1]!);
    const there = tables.includes(TABLE.name);
    const [listing, json] = there ? await Promise.all([nft('-a', 'list', 'table', ...TABLE.name.split(' ')), nft('-j', 'list', 'table', ...TABLE.name.split(' '))]) : [SKELETON.join('\n'), null];
    const text = listing.trimEnd().split('\n');
    const at = new Map(text.flatMap((line) => [...line.matchAll(/ # handle (\d+)$/g)].map(([, handle]) => [Number(handle), line] as const)));
    const seen = new Map<string, number>();
    const rules = (json ? parseJson(json) : []).flatMap((rule) => {
      const line = at.get(rule.handle);
      if (!line || rule.comment === BASE) return [];
      const shown = bare(line).trim();
      const nth = seen.get(shown) ?? 0;
      seen.set(shown, nth + 1);
      const made: FirewallRule = { id: ruleId('nftables', `${rule.chain}\0${shown}`, nth), text: shown, spec: nftSpec(rule, CHAINS), extra: null, comment: rule.comment ?? '', forwarded: false };
      lines.set(made, line);
      return [made];
    });
    const foreign = await Promise.all(tables.filter((name) => name !== TABLE.name && !/ mantou_/.test(name)).slice(0, 20).map(async (name) => ({ name, text: (await nft('list', 'table', ...name.split(' '))).slice(0, SHOWN) })));
    const policy = (chain: string): FirewallPolicy => (new RegExp(`hook ${chain} priority [^;]*; policy drop;`).test(listing) ? 'deny' : 'allow');
    const active = there && !text.includes(DORMANT);
    return noFirewall({
      provider: 'nftables', active, boot: active && bootLoads(around), policies: { in: policy('input'), out: policy('output'), forward: null },
      // The listing with handles: changes are made in it.
      rules, abilities: ABILITIES, foreign, native: there ? text : [],
    });
  }

  function parseJson(json: string): NftRule[] {
    try {
      return parseNft(json);
    } catch (cause) {
      throw new AppError('unavailable', (t) => t.firewall.notUnderstood({ tool: 'nft' }), { cause, detail: json.slice(0, 500) });
    }
  }

  async function plan(change: FirewallChange, state: FirewallState): Promise<FirewallPlan> {
    const now = state.native as string[];
    const text = now.length ? now : [...SKELETON];
    const edited = edit(text, change);
    const before = now.length ? `${now.map(bare).join('\n')}\n` : null;
    const { steps, commands } = tablePlan(around, TABLE, before, `${edited.text.map(bare).join('\n').trimEnd()}\n`, edited.changes);
    return { steps, commands, revert: steps.toReversed().flatMap(({ undo }) => undo) };
  }

  return { name: 'nftables', tools: ['nft'], read, plan, isActive: async () => (await read()).active };
}

/** Every change is one of the text, which is then loaded in one transaction: there is no moment without rules. */
function edit(text: readonly string[], change: FirewallChange): { text: string[]; changes: string[] } {
  const bit = (add: string[], gone: string[]) => [...gone.map((line) => `-${bare(line)}`), ...add.map((line) => `+${line}`)];
  const swap = (from: string, to: string[]) => ({ text: text.flatMap((line) => (line === from ? to : [line])), changes: bit(to, [from]) });
  const put = (all: readonly string[], spec: RuleSpec) => place(all, spec);
  switch (change.verb) {
    case 'add': return put(text, change.rule);
    case 'remove': return swap(lines.get(change.rule)!, []);
    case 'change': return sameChain(change.rule, change.to) ? swap(lines.get(change.rule)!, [`\t\t${nftLine(change.to)}`]) : moved(text, change.rule, change.to);
    case 'enable': {
      const added = change.allow.reduce((so, spec) => {
        const next = put(so.text, spec);
        return { text: next.text, changes: [...so.changes, ...next.changes] };
      }, { text: [...text], changes: [] as string[] });
      return { text: added.text.filter((line) => line !== DORMANT), changes: [...added.changes, `-${DORMANT}`] };
    }
    case 'disable': {
      // Kept as it is, and asleep.
      const [head = '', ...rest] = text;
      return { text: [head, DORMANT, ...rest], changes: [`+${DORMANT}`] };
    }
    case 'policy': {
      const hook = change.direction === 'in' ? 'input' : 'output';
      const line = text.find((one) => one.includes(`hook ${hook} priority`))!;
      return swap(line, [line.replace(/policy \w+;/, `policy ${change.policy === 'allow' ? 'accept' : 'drop'};`)]);
    }
    default: throw new AppError('unsupported', (t) => t.firewall.cannot);
  }
}

const sameChain = (rule: FirewallRule, to: RuleSpec) => rule.spec?.direction === to.direction;

function moved(text: readonly string[], rule: FirewallRule, to: RuleSpec) {
  const line = lines.get(rule)!;
  const added = place(text.filter((one) => one !== line), to);
  return { text: added.text, changes: [`-${bare(line)}`, ...added.changes] };
}

/** At the end of its chain; what keeps a sender out stands before what lets everybody in. */
function place(text: readonly string[], spec: RuleSpec): { text: string[]; changes: string[] } {
  const start = text.findIndex((line) => line.startsWith(`\tchain ${spec.direction === 'in' ? CHAINS.input : CHAINS.output} {`));
  const end = text.findIndex((line, i) => i > start && line === '\t}');
  if (start < 0 || end < 0) throw new AppError('conflict', (t) => t.firewall.tableChanged);
  const early = spec.source !== null && (spec.action === 'deny' || spec.action === 'reject');
  const first = text.findLastIndex((line, i) => i > start && i < end && (line.includes(`comment "${BASE}"`) || line.includes(' hook '))) + 1;
  const at = early ? first : end;
  const line = `\t\t${nftLine(spec)}`;
  return { text: text.toSpliced(at, 0, line), changes: [`+${line}`] };
}
