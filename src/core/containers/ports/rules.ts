/** One rule of iptables-save, as far as it matters to who gets through. */
export interface Rule {
  /** As it was written: `-A DOCKER-USER -s 10.0.0.0/8 -j RETURN`. */
  text: string;
  words: readonly string[];
  target: string;
}

export interface Chain {
  /** Of a chain that the kernel has itself; null of others. */
  policy: 'ACCEPT' | 'DROP' | null;
  rules: Rule[];
}

/** Table → chain → what is in it. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Chain>>;

/**
 * Reads iptables-save(8):
 *
 *     *filter
 *     :FORWARD DROP [0:0]
 *     -A FORWARD -j DOCKER-USER
 *     -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
 *     COMMIT
 */
export function parseRules(text: string): Tables {
  const tables = new Map<string, Map<string, Chain>>();
  let table = new Map<string, Chain>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) tables.set(line.slice(1).trim(), (table = new Map()));
    const declared = /^:(\S+) (ACCEPT|DROP|-)/.exec(line);
    if (declared) table.set(declared[1]!, { policy: declared[2] === '-' ? null : (declared[2] as 'ACCEPT' | 'DROP'), rules: [] });
    if (!line.startsWith('-A ')) continue;
    const words = (line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) => word.replace(/^"([^]*)"$/, '$1'));
    const at = words.findIndex((word) => word === '-j' || word === '-g');
    table.get(words[1]!)?.rules.push({ text: line.trim(), words: words.slice(2), target: at < 0 ? '' : (words[at + 1] ?? '') });
  }
  return tables;
}

/** The first packet of a connection that comes from another machine. */
export interface Packet {
  protocol: string;
  /** Where it goes by now: the container's port behind Docker's translation, the machine's before it. */
  port: number;
  /** Where it was sent to. */
  asked: number;
  /** Addresses that it may go to by now; what is not known may be any. */
  to: readonly string[];
}

export interface Verdict {
  /** 'some': it depends on where it comes from, or on what the rules here do not tell. */
  verdict: 'open' | 'closed' | 'some';
  /** The rules that decide, but for those that let everybody through. */
  rules: string[];
  /** The chain that the first of them stands in. */
  chain: string | null;
}

const DEEPEST = 12;
/** Rules looked at for one packet: more than any machine has, and an end to those that multiply. */
const STEPS_MOST = 60_000;
type Outcome = 'open' | 'closed' | 'next';

/**
 * What becomes of a packet in a chain. `stop`: chains at whose door it counts as let in, as Docker's own are.
 * Rules that only some packets match make it "some"; the rest decides by its order, as the kernel does it.
 */
export function judge(chains: ReadonlyMap<string, Chain>, name: string, packet: Packet, stop: ReadonlySet<string> = new Set()): Verdict {
  const rules: string[] = [];
  let chain: string | null = null;
  const note = (rule: Rule, where: string) => {
    chain ??= where;
    rules.push(rule.text);
  };

  /** Some packets are let in, or kept out, by a rule that others do not match. */
  const mixed = { open: false, closed: false };
  const maybe = (outcome: Outcome, fits: 'yes' | 'maybe') => {
    if (fits === 'maybe' && (outcome === 'open' || outcome === 'closed')) mixed[outcome] = true;
  };

  let steps = 0;
  const walk = (where: string, depth: number): Outcome => {
    for (const rule of chains.get(where)?.rules ?? []) {
      // Then nobody knows: some may come through, and some may not.
      if (++steps > STEPS_MOST) {
        mixed.open = mixed.closed = true;
        return 'next';
      }
      const fits = matches(rule, packet);
      if (fits === 'no') continue;
      if (stop.has(rule.target)) return 'open';
      if (rule.target === 'RETURN') {
        if (fits === 'yes') return 'next';
        note(rule, where);
        // Behind it something may follow that would have kept it out.
        mixed.open = true;
        continue;
      }
      const ends: Outcome = rule.target === 'ACCEPT' ? 'open' : rule.target === 'DROP' || rule.target === 'REJECT' ? 'closed' : 'next';
      if (ends === 'closed' || (ends === 'open' && fits === 'maybe')) note(rule, where);
      const outcome = ends === 'next' && chains.has(rule.target) && depth < DEEPEST ? walk(rule.target, depth + 1) : ends;
      if (outcome !== 'next' && fits === 'yes') return outcome;
      maybe(outcome, fits);
    }
    return 'next';
  };

  const outcome = walk(name, 0);
  const end = outcome === 'next' ? (chains.get(name)?.policy === 'DROP' ? 'closed' : 'open') : outcome;
  const verdict = mixed[end === 'open' ? 'closed' : 'open'] ? 'some' : end;
  return verdict === 'open' ? { verdict, rules: [], chain: null } : { verdict, rules, chain };
}

const valueAfter = (words: readonly string[], ...names: string[]) => {
  const at = words.findIndex((word) => names.includes(word));
  return at < 0 ? null : { value: words[at + 1] ?? '', not: words[at - 1] === '!' };
};

/** Does the packet match? 'maybe' where it depends on what nobody knows here: where it comes from, how many came before. */
function matches({ words }: Rule, { protocol, port, asked, to }: Packet): 'yes' | 'no' | 'maybe' {
  let fits: 'yes' | 'maybe' = 'yes';
  const is = (found: { not: boolean }, true_: boolean) => true_ !== found.not;
  const proto = valueAfter(words, '-p');
  if (proto && proto.value !== 'all' && !is(proto, proto.value === protocol)) return 'no';
  for (const [name, value] of [['--dport', port], ['--dports', port], ['--ctorigdstport', asked]] as const) {
    const found = valueAfter(words, name);
    if (found && !is(found, found.value.split(',').some((one) => inRange(one, value)))) return 'no';
  }
  const state = valueAfter(words, '--ctstate', '--state');
  if (state && !is(state, state.value.split(',').some((one) => one === 'NEW' || one === 'DNAT'))) return 'no';
  const from = valueAfter(words, '-i');
  if (from) {
    const within = /^(lo|docker\d+|br-[0-9a-f]{12}|docker_gwbridge)$/.test(from.value);
    if (within && !from.not) return 'no';
    if (!within) fits = 'maybe';
  }
  const target = valueAfter(words, '-d');
  if (target && target.value !== '0.0.0.0/0') {
    const single = /^([^/]+)(\/32|\/128)?$/.exec(target.value)?.[1];
    if (single && to.length > 0) {
      if (!is(target, to.includes(single))) return 'no';
    } else fits = 'maybe';
  }
  // A header that no program sends (RFC 5095).
  if (words.includes('--rt-type')) return 'no';
  const kind = valueAfter(words, '--dst-type');
  if (kind && kind.value !== 'LOCAL') return 'no';
  const known = new Set(['-p', '--dport', '--dports', '--ctorigdstport', '--ctstate', '--state', '-i', '-d', '--dst-type', '-j', '-g', '-m', '!', '--reject-with', '--comment', '--to-destination', '--log-prefix', '--log-level']);
  // A match that is not understood here may or may not hold: a source, a limit, a set.
  if (words.some((word) => /^-/.test(word) && !known.has(word) && !/^-?\d/.test(word))) fits = 'maybe';
  return fits;
}

/** `80`, `1000:2000`. */
function inRange(text: string, port: number): boolean {
  const [from, to = from] = text.split(':').map(Number);
  return port >= from! && port <= to!;
}
