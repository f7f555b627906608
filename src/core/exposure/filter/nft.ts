import { mergeAlike } from './alike.ts';
import type { Action, BaseChain, Chain, Facts, Hook, RuleDraft, Test } from './model.ts';
import { elementsOf, inside, keyOf, type Json, type Named } from './nft-values.ts';
import { doubtful } from './tests.ts';

const HOOKS: Record<string, Hook> = { ingress: 'ingress', prerouting: 'prerouting', input: 'input', forward: 'forward' };
const FAMILIES: Record<string, 4 | 6 | null> = { ip: 4, ip6: 6, inet: null, netdev: null };

interface Table {
  family: string;
  name: string;
  sets: Map<string, Json[]>;
  chains: Map<string, { base: Json | null; drafts: RuleDraft[] }>;
}

/** `nft -j list ruleset`, table by table. @param texts how nft writes each rule, by `<family> <table> <handle>` @throws SyntaxError no JSON */
export function readNft(json: string, texts: ReadonlyMap<string, string>, facts: Facts, skip: (family: string, table: string) => boolean): BaseChain[] {
  const items = (inside(JSON.parse(json) as Json, 'nftables') ?? []) as Json[];
  const tables = new Map<string, Table>();
  const tableOf = (item: Json): Table | undefined => {
    const [family, name] = [String(inside(item, 'family')), String(inside(item, 'table'))];
    if (!(family in FAMILIES) || skip(family, name)) return undefined;
    const key = `${family} ${name}`;
    let table = tables.get(key);
    if (!table) tables.set(key, (table = { family, name, sets: new Map(), chains: new Map() }));
    return table;
  };
  for (const item of items) {
    for (const kind of ['set', 'map']) {
      const set = inside(item, kind);
      if (set !== undefined) tableOf(set)?.sets.set(String(inside(set, 'name')), (inside(set, 'elem') ?? []) as Json[]);
    }
    const chain = inside(item, 'chain');
    if (chain !== undefined) tableOf(chain)?.chains.set(String(inside(chain, 'name')), { base: inside(chain, 'hook') === undefined ? null : chain, drafts: [] });
  }
  for (const item of items) {
    const rule = inside(item, 'rule');
    const table = rule === undefined ? undefined : tableOf(rule);
    if (!table) continue;
    const text = texts.get(`${table.family} ${table.name} ${String(inside(rule, 'handle'))}`) ?? JSON.stringify(inside(rule, 'expr'));
    table.chains.get(String(inside(rule, 'chain')))?.drafts.push(draftOf((inside(rule, 'expr') ?? []) as Json[], text, table.sets, facts));
  }
  return [...tables.values()].flatMap(basesOf);
}

function basesOf({ family, name: table, chains }: Table): BaseChain[] {
  const beside = new Map<string, Chain>();
  for (const [name, { drafts }] of chains) beside.set(name, { name, table: `${family} ${table}`, beside, rules: mergeAlike(drafts) });
  return [...chains].flatMap(([name, { base }]) => {
    const hook = HOOKS[String(inside(base ?? undefined, 'hook'))];
    const type = inside(base ?? undefined, 'type') === 'nat' ? 'nat' as const : 'filter' as const;
    if (!base || !hook || (type === 'nat' && hook !== 'prerouting')) return [];
    const device = inside(base, 'dev');
    const devices = device === undefined ? null : (Array.isArray(device) ? device : [device]).map(String);
    return [{ chain: beside.get(name)!, hook, type, family: FAMILIES[family]!, devices, priority: Number(inside(base, 'prio') ?? 0), policy: inside(base, 'policy') === 'drop' ? 'drop' as const : 'accept' as const }];
  });
}

/** Statements that write something down and go on. */
const PASSING = new Set(['counter', 'log', 'ct helper', 'ct timeout', 'ct expectation', 'masquerade', 'snat', 'notrack', 'mangle', 'dup', 'flow', 'last', 'comment', 'secmark', 'tcp option']);

function draftOf(expressions: readonly Json[], text: string, sets: Named, facts: Facts): RuleDraft {
  const tests: Test[] = [];
  let branches: RuleDraft['branches'] = [{ test: null, action: { do: 'none' } }];
  let from: RuleDraft['from'] = null;
  let sender: Test | null = null;
  const rest: Json[] = [];
  for (const one of expressions) {
    const [name = '', value] = Object.entries(one as Record<string, Json>)[0] ?? [];
    const action = actionOf(name, value ?? null);
    if (name === 'notrack') facts.untracked = true;
    if (name === 'mangle' && ['meta', 'ct'].some((of) => inside(value, 'key', of, 'key') === 'mark')) facts.marks = true;
    if (action) branches = [{ test: null, action }];
    else if (name === 'vmap') branches = verdictsOf(value!, sets, facts) ?? [{ test: doubtful('text'), action: { do: 'queue' } }];
    else if (name === 'match') {
      const found = matchOf(value!, sets, facts);
      if (found.from && !sender) [from, sender] = [found.from, found.test];
      else tests.push(found.test);
      if (found.from) continue;
    } else if (!PASSING.has(name)) tests.push(doubtful(isLimit(name, value ?? null) ? 'limit' : 'text'));
    if (!['counter', 'log'].includes(name)) rest.push(one);
  }
  const ends = branches.length === 1 && ['accept', 'drop'].includes(branches[0]!.action.do);
  return { text, tests: sender ? [...tests, sender] : tests, branches, from, alike: from && ends ? JSON.stringify(rest) : null };
}

/** { op, left, right } */
function matchOf(match: Json, sets: Named, facts: Facts): { test: Test; from: RuleDraft['from'] } {
  const [op, left, right] = [inside(match, 'op'), inside(match, 'left'), inside(match, 'right')];
  const unknown = { test: doubtful('text'), from: null };
  const values = right === undefined ? null : elementsOf(right, sets);
  if (values === null) return { test: doubtful('set'), from: null };
  // An empty set holds nothing.
  if (values.length === 0) return { test: op === '!=' ? () => ({ from: null, why: null }) : () => null, from: null };
  const key = keyOf(left, facts);
  const not = op === '!=';
  if (op !== '==' && op !== 'in' && op !== '!=') {
    const test = typeof right === 'number' ? key.test([compared(String(op), right)], false) : null;
    return test ? { test, from: null } : unknown;
  }
  const test = key.test(values, not);
  if (!test) return unknown;
  const plain = key.sender && !not;
  const fit = plain ? [4, 6].map((family) => test({ family } as never)) : [];
  const at = fit.findIndex((one) => one?.from);
  return { test, from: at < 0 ? null : { family: at === 0 ? 4 : 6, ranges: fit[at]!.from! } };
}

/** `tcp dport > 1024`. */
const compared = (op: string, value: number): Json => ({ range: op === '<' ? [0, value - 1] : op === '<=' ? [0, value] : op === '>' ? [value + 1, 65_535] : [value, 65_535] });

const isLimit = (name: string, value: Json) => name === 'limit' || name === 'ct count' || name === 'quota' || name === 'meter' || (name === 'set' && inside(value, 'stmt') !== undefined) || name === 'queue';

function actionOf(name: string, value: Json): Action | null {
  switch (name) {
    case 'accept':
    case 'drop':
    case 'return':
      return { do: name };
    case 'reject':
      return { do: 'drop' };
    case 'continue':
      return { do: 'none' };
    case 'jump':
    case 'goto':
      return { do: name, chain: String(inside(value, 'target')) };
    case 'queue':
    case 'tproxy':
    case 'synproxy':
      return { do: 'queue' };
    case 'redirect':
      return { do: 'translate', to: 'local', port: numberOf(inside(value, 'port')) };
    case 'dnat': {
      const to = inside(value, 'addr');
      const plain = to === undefined || typeof to === 'string';
      return plain ? { do: 'translate', to: to ?? null, port: numberOf(inside(value, 'port')) } : { do: 'queue' };
    }
    default:
      return null;
  }
}

const numberOf = (value: Json | undefined) => (typeof value === 'number' ? value : null);

/** { key, data }: each key with its verdict. null: not understood */
function verdictsOf(vmap: Json, sets: Named, facts: Facts): RuleDraft['branches'] | null {
  const elements = elementsOf(inside(vmap, 'data') ?? null, sets);
  const key = keyOf(inside(vmap, 'key'), facts);
  const found = (elements ?? [null]).map((element) => {
    const [of, verdict] = Array.isArray(element) ? element : [];
    const [name = '', value] = Object.entries((verdict ?? {}) as Record<string, Json>)[0] ?? [];
    const action = actionOf(name, value ?? null);
    const test = of === undefined || !action ? null : key.test(elementsOf(of, sets) ?? [], false);
    return test && action ? { test, action } : null;
  });
  return found.every((one) => one !== null) ? found : null;
}

/**
 * How nft writes its rules, by family, table and number (`nft -a list ruleset`):
 *
 *     table inet mine { # handle 2
 *     	chain input { # handle 2
 *     		tcp dport @web accept # handle 20
 */
export function nftTexts(listing: string): Map<string, string> {
  const texts = new Map<string, string>();
  let table = '';
  for (const line of listing.split('\n')) {
    const opened = /^table (\S+) (\S+) \{/.exec(line);
    if (opened) table = `${opened[1]} ${opened[2]}`;
    const rule = /^\t\t(?!type |policy )(.+) # handle (\d+)$/.exec(line);
    if (rule) texts.set(`${table} ${rule[2]}`, rule[1]!);
  }
  return texts;
}
