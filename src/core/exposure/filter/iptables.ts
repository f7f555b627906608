import { rangesOf } from '../../../lib/address-ranges.ts';
import { mergeAlike } from './alike.ts';
import { matchOf } from './iptables-match.ts';
import type { Action, BaseChain, Chain, Facts, Hook, RuleDraft, Test } from './model.ts';
import { fromTest } from './tests.ts';

/** When the kernel asks each table (linux/netfilter_ipv4.h). */
const PRIORITY: Record<string, number> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };
const HOOKS: Record<string, Hook> = { PREROUTING: 'prerouting', INPUT: 'input', FORWARD: 'forward' };

/** These write something down, or into the packet, and the next rule is asked. */
const PASSING = new Set(['', 'LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'CT', 'NOTRACK', 'TCPMSS', 'SET', 'AUDIT', 'TRACE', 'CLASSIFY', 'DSCP', 'TOS', 'CHECKSUM', 'RATEEST', 'SECMARK', 'CONNSECMARK', 'HL', 'TTL', 'IDLETIMER', 'LED', 'HMARK', 'TCPOPTSTRIP', 'ECN']);

/**
 * Reads iptables-save(8):
 *
 *     *filter
 *     :INPUT DROP [0:0]
 *     -A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT
 *     COMMIT
 */
export function readIptables(text: string, family: 4 | 6, facts: Facts): BaseChain[] {
  const tables = new Map<string, Map<string, { policy: string; drafts: RuleDraft[] }>>();
  let table = new Map<string, { policy: string; drafts: RuleDraft[] }>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) tables.set(line.slice(1).trim(), (table = new Map()));
    const declared = /^:(\S+) (\S+)/.exec(line);
    if (declared) table.set(declared[1]!, { policy: declared[2]!, drafts: [] });
    if (!line.startsWith('-A ')) continue;
    const words = (line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) => word.replace(/^"([^]*)"$/, '$1'));
    table.get(words[1]!)?.drafts.push(draftOf(line.trim(), words.slice(2), family, facts));
  }
  return [...tables].flatMap(([name, chains]) => basesOf(name, chains, family));
}

function basesOf(table: string, chains: ReadonlyMap<string, { policy: string; drafts: RuleDraft[] }>, family: 4 | 6): BaseChain[] {
  const beside = new Map<string, Chain>();
  for (const [name, { drafts }] of chains) beside.set(name, { name, table, beside, rules: mergeAlike(drafts) });
  return [...chains].flatMap(([name, { policy }]) => {
    const hook = HOOKS[name];
    if (!hook || policy === '-') return [];
    const type = table === 'nat' ? 'nat' as const : 'filter' as const;
    // In INPUT, nat only rewrites the sender.
    if (type === 'nat' && hook !== 'prerouting') return [];
    return [{ chain: beside.get(name)!, hook, type, family, devices: null, priority: PRIORITY[table] ?? 0, policy: policy === 'DROP' ? 'drop' as const : 'accept' as const }];
  });
}

function draftOf(text: string, words: readonly string[], family: 4 | 6, facts: Facts): RuleDraft {
  const at = words.findIndex((word) => word === '-j' || word === '-g');
  const action = actionOf(at < 0 ? [] : words.slice(at), facts);
  const matching = at < 0 ? words : words.slice(0, at);
  const { tests, sender } = matchOf(matching, facts);
  const source = sender && !sender.not ? rangesOf(sender.text) : null;
  const from = source?.family === family ? source : null;
  const all: Test[] = [...tests];
  if (sender) all.push(senderTest(sender, family));
  const ends = action.do === 'accept' || action.do === 'drop';
  const alike = from && ends ? words.filter((word, i) => word !== '-s' && words[i - 1] !== '-s').join(' ') : null;
  return { text, tests: all, branches: [{ test: null, action }], alike, from };
}

function senderTest(sender: { text: string; not: boolean }, family: 4 | 6): Test {
  const found = rangesOf(sender.text);
  return found?.family === family ? fromTest(found, sender.not) : () => ({ from: null, why: 'text' });
}

function actionOf([how, target = '', ...options]: readonly string[], facts: Facts): Action {
  if (target === 'MARK' || target === 'CONNMARK') facts.marks = true;
  if (target === 'NOTRACK' || (target === 'CT' && options.includes('--notrack'))) facts.untracked = true;
  const after = (name: string) => options[options.indexOf(name) + 1] ?? '';
  switch (target) {
    case 'ACCEPT':
      return { do: 'accept' };
    case 'DROP':
    case 'REJECT':
    case 'TARPIT':
      return { do: 'drop' };
    case 'RETURN':
      return { do: 'return' };
    case 'DNAT':
      return translation(after('--to-destination'));
    case 'REDIRECT':
      return { do: 'translate', to: 'local', port: portOf(after('--to-ports')) };
    case 'NETMAP':
    case 'NFQUEUE':
    case 'QUEUE':
    case 'TPROXY':
    case 'SYNPROXY':
      return { do: 'queue' };
    default:
      return PASSING.has(target) ? { do: 'none' } : { do: how === '-g' ? 'goto' : 'jump', chain: target };
  }
}

/** `172.17.0.2:80`, `[2001:db8::2]:80`, `172.17.0.2`, `172.17.0.2-172.17.0.9:80`. */
function translation(text: string): Action {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:]+?))(?::(\d+(?:-\d+)?(?:\/\d+)?))?$/i.exec(text) ?? [];
  const to = (bracketed ?? plain ?? '').split('-')[0]!;
  return { do: 'translate', to: to || null, port: port ? portOf(port) : null };
}

const portOf = (text: string) => {
  const port = Number.parseInt(text, 10);
  return Number.isInteger(port) ? port : null;
};
