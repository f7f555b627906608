import { rangesOf } from '../../../lib/address-ranges.ts';
import { unsure, when, type Facts, type Test } from './model.ts';
import { always, doubtful, ifaceTest, markTest, never, outTest, portTest, protocolTest, stateTest, statusTest, toTest, type PortSpan } from './tests.ts';

interface Option {
  /** Words that follow. */
  takes: number;
  test(values: readonly string[], not: boolean, facts: Facts): Test;
}

/** `22`, `1000:2000`, `:1024`, `80,443,8000:8010`. */
const spans = (text: string): PortSpan[] => text.split(',').map((one) => {
  const [from = '', to = from] = one.split(':');
  return [from === '' ? 0 : Number(from), to === '' ? 65_535 : Number(to)];
});

const to = (values: readonly string[], not: boolean, which: 'to' | 'askedTo' = 'to'): Test => {
  const found = rangesOf(values[0] ?? '');
  return found ? toTest(found, not, which) : doubtful('text');
};

/** What a packet that asks for a connection has set: SYN alone (iptables-extensions(8), tcp). */
const flags = ([mask = '', set = '']: readonly string[], not: boolean): Test => {
  const list = (text: string) => (text === 'ALL' ? ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] : text === 'NONE' ? [] : text.split(','));
  const asked = list(mask).filter((flag) => flag === 'SYN').join();
  return ({ protocol }) => when(protocol === 'tcp' && (list(set).join() === asked) !== not);
};

/** Is the kind of address it goes to, or comes from, this one? Of IPv6, one of the machine is both kinds, and all that are asked must fit (xt_addrtype.c). */
const kind = (of: 'dst' | 'src'): Option['test'] => (values, not) => {
  const kinds = (values[0] ?? '').split(',');
  return ({ local, family }) => {
    const own = of === 'dst' && local;
    const fits = family === 6 ? kinds.every((one) => one === 'UNICAST' || (one === 'LOCAL' && own)) : kinds.includes(own ? 'LOCAL' : 'UNICAST');
    return when(fits !== not);
  };
};

const one = (test: Option['test']): Option => ({ takes: 1, test });
const none = (test: Option['test']): Option => ({ takes: 0, test });
const told = (fits: boolean): Option['test'] => (_values, not) => (fits !== not ? always : never);
const limit = one(() => doubtful('limit'));
/** Says how another match counts; that one has the doubt. */
const more = one(() => always);
const port = one((values, not) => portTest(spans(values[0]!), not, (packet) => packet.port));
const sport = one(() => doubtful('sport'));

/** Those that ask nothing without an option. */
const MODULES = new Set(['tcp', 'udp', 'sctp', 'multiport', 'conntrack', 'state', 'addrtype', 'comment', 'limit', 'recent', 'hashlimit', 'connlimit', 'mark', 'connmark', 'iprange', 'set', 'pkttype', 'rpfilter', 'policy', 'rt', 'icmp', 'icmp6', 'icmpv6', 'time', 'string', 'statistic', 'length', 'hl', 'ttl', 'owner', 'u32', 'bpf', 'quota', 'physdev']);

/** iptables(8), iptables-extensions(8); what is not here is not understood, and said so. */
const OPTIONS: Record<string, Option> = {
  '-p': one((values, not) => protocolTest(values, not)),
  '-d': one((values, not) => to(values, not)),
  '-i': one(ifaceTest('+')),
  '-o': one(outTest('+')),
  '-m': one((values) => (MODULES.has(values[0]!) ? always : doubtful('text'))), '--comment': more,
  '-f': none(told(false)),
  '--dport': port, '--dports': port,
  '--sport': sport, '--sports': sport,
  '--ports': one((values) => (packet) => when(spans(values[0]!).some(([from, last]) => packet.port >= from && packet.port <= last)) ?? unsure('sport')),
  '--ctstate': one((values, not, facts) => stateTest(values[0]!.split(','), not, facts)),
  '--state': one((values, not, facts) => stateTest(values[0]!.split(','), not, facts)),
  '--ctstatus': one((values, not) => statusTest(values[0]!.split(','), not)),
  '--ctdir': one((values, not) => (when((values[0] === 'ORIGINAL') !== not) ? always : never)),
  '--ctproto': one((values, not) => protocolTest(values, not)),
  '--ctorigdstport': one((values, not) => portTest(spans(values[0]!), not, (packet) => packet.asked)),
  '--ctorigdst': one((values, not) => to(values, not, 'askedTo')),
  '--dst-type': one(kind('dst')), '--src-type': one(kind('src')),
  '--limit-iface-in': none(() => always), '--limit-iface-out': none(() => always),
  '--dst-range': one((values, not) => to(values, not)),
  '--syn': none((_values, not) => flags(['FIN,SYN,RST,ACK', 'SYN'], not)),
  '--tcp-flags': { takes: 2, test: (values, not) => flags(values, not) },
  '--pkt-type': one((values, not) => (when((values[0] === 'unicast' || values[0] === 'host') !== not) ? always : never)),
  '--mark': one((values, not, facts) => markTest(Number((values[0] ?? '').split('/')[0]), not, facts)),
  '--rt-type': one(told(false)), '--icmp-type': one(told(false)), '--icmpv6-type': one(told(false)),
  '--invert': none(() => never), '--loose': none(() => always), '--validmark': none(() => always), '--accept-local': none(() => always),
  '--pol': one((values) => (values[0] === 'none' ? always : never)), '--dir': more,
  '--limit': limit, '--limit-burst': more,
  '--set': none(() => always), '--update': none(() => doubtful('limit')), '--rcheck': none(() => doubtful('limit')), '--remove': none(() => doubtful('limit')),
  '--seconds': more, '--hitcount': more, '--name': more, '--mask': more, '--rsource': none(() => always), '--rdest': none(() => always), '--rttl': none(() => always), '--reap': none(() => always),
  '--hashlimit-above': limit, '--hashlimit-upto': limit, '--hashlimit-burst': more, '--hashlimit-mode': more, '--hashlimit-name': more, '--hashlimit-htable-expire': more,
  '--hashlimit-htable-size': more, '--hashlimit-htable-max': more, '--hashlimit-htable-gcinterval': more, '--hashlimit-srcmask': more, '--hashlimit-dstmask': more, '--hashlimit-rate-match': none(() => always), '--hashlimit-rate-interval': more,
  '--connlimit-above': limit, '--connlimit-upto': limit, '--connlimit-mask': more, '--connlimit-saddr': none(() => always), '--connlimit-daddr': none(() => always),
  '--match-set': { takes: 2, test: () => doubtful('set') }, '--return-nomatch': none(() => always), '--update-counters': none(() => always),
};

export interface Matching {
  tests: Test[];
  /** The sender is put apart, for rules that only differ in it. */
  sender: { text: string; not: boolean } | null;
}

/** The words before `-j` as tests. */
export function matchOf(words: readonly string[], facts: Facts): Matching {
  const found: Matching = { tests: [], sender: null };
  for (let i = 0; i < words.length; i++) {
    const not = words[i] === '!';
    if (not) i++;
    const word = words[i] ?? '';
    if (word === '-s' || word === '--src-range') {
      found.sender = { text: words[++i] ?? '', not };
      continue;
    }
    const option = OPTIONS[word];
    if (!option) {
      found.tests.push(doubtful('text'));
      // Its values are none of ours.
      while (i + 1 < words.length && !/^(-|!$)/.test(words[i + 1]!)) i++;
      continue;
    }
    const values = words.slice(i + 1, i + 1 + option.takes);
    i += option.takes;
    const test = option.test(values, not, facts);
    if (test !== always) found.tests.push(test);
  }
  return found;
}
