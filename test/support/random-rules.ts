/** Rules that nobody would write, in both languages: to hold what the panel says against what the kernel does. */
export const PORTS = [22, 53, 80, 443, 3306, 5432, 6379, 8080, 9000] as const;

export function rulesOf(seed: number) {
  let state = seed * 2654435761 % 2147483647 || 1;
  const below = (n: number) => (state = (state * 48271) % 2147483647) % n;
  const one = <T>(...all: readonly T[]): T => all[below(all.length)]!;
  const maybe = (n: number, text: () => string) => (below(n) === 0 ? text() : '');
  const port = () => one<number>(...PORTS);
  const four = () => one('10.0.0.0/8', '192.168.0.0/16', '198.18.0.0/15', '203.0.113.0/24', '198.51.100.66', '10.9.9.9', '0.0.0.0/1');
  const six = () => one('2001:db8:7::/48', 'fd00::/8', '2001:db8:aa::/64', '2001:db8::/32', 'fd00::9');
  const times = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join('\n');

  function nftMatch(): string {
    // nft refuses a rule for both families.
    const source = one<() => string>(
      () => '', () => '', () => '', () => `ip saddr ${one('', '!= ')}${one(four(), `{ ${four()}, 172.16.0.0/12 }`, '@friends')}`, () => `ip saddr ${four()}`,
      () => `ip6 saddr ${one('', '!= ')}${one(six(), '@friends6')}`, () => `ip saddr . tcp dport { 10.9.9.9 . ${port()}, 203.0.113.5 . ${port()} }`,
    );
    const head = source();
    return [
      head,
      head.includes(' . ') ? '' : one('', '', `tcp dport ${one('', '!= ')}${port()}`, `udp dport ${port()}`, `th dport { ${port()}, ${port()} }`, `tcp dport ${below(3000)}-${3000 + below(7000)}`, 'tcp dport @doors', 'meta l4proto tcp', `meta l4proto { tcp, udp }`, `tcp dport > ${below(9000)}`),
      maybe(8, () => one('ct state new', 'ct state established,related', 'ct state { new, related }', 'ct state != established', 'ct state invalid', 'ct status dnat')),
      maybe(9, () => one('iifname "cable0"', 'iifname "lo"', 'iifname != "cable0"', 'iifname "cab*"', 'iifname { "eth0", "cable0" }')),
      maybe(10, () => one('fib daddr type local', 'fib saddr type local', 'fib daddr type != local', 'meta nfproto ipv4', 'meta nfproto ipv6', 'meta pkttype unicast', 'meta mark 0x0', 'meta mark 0x7')),
    ].filter(Boolean).join(' ');
  }
  const nftRule = (depth: number) => {
    if (below(9) === 0) return `${one('tcp', 'udp', 'th')} dport vmap { ${PORTS.slice(0, 3 + below(4)).map((p) => `${p} : ${nftEnd(depth)}`).join(', ')} }`;
    if (below(14) === 0) return `ct state vmap { established : accept, invalid : drop }`;
    return `${nftMatch()} ${one('', '', 'counter ')}${nftEnd(depth)}`;
  };
  const nftEnd = (depth: number): string => one('accept', 'accept', 'drop', 'drop', 'return', 'continue', ...(depth < 2 ? [`jump c${depth}${below(2)}`, `jump c${depth}${below(2)}`, `goto c${depth}${below(2)}`] : []));
  const block = (name: string, head: string, rules: string) => `chain ${name} {\n${head}\n${rules}\n}`;
  const nft = () => `flush ruleset
table inet fuzz {
set friends { type ipv4_addr; flags interval; elements = { ${four()}, 100.64.0.0/10 }; auto-merge; }
set friends6 { type ipv6_addr; flags interval; elements = { ${six()} } ; }
set doors { type inet_service; flags interval; elements = { ${below(1000)}-${1000 + below(4000)}, 9000 } ; }
${['c10', 'c11'].map((name) => block(name, '', times(below(4), () => nftRule(2)))).join('\n')}
${['c00', 'c01'].map((name) => block(name, '', times(below(5), () => nftRule(1)))).join('\n')}
${block('in', `type filter hook input priority ${one('0', '-10', 'filter + 10')}; policy ${one('accept', 'drop', 'drop')};`, `iifname "lo" accept\nmeta l4proto ipv6-icmp accept\n${times(2 + below(8), () => nftRule(0))}`)}
${maybe(3, () => block('pre', `type filter hook prerouting priority ${one('-150', 'raw')}; policy accept;`, 'iifname "lo" accept\n' + times(1 + below(2), () => nftRule(0).replace(/ (jump|goto) \w+/g, ' accept').replace(/ct (state|status)[^}]*(vmap \{[^}]*\}|\{[^}]*\}|\S+)( \S+)?/, 'meta l4proto tcp accept'))))}
${maybe(3, () => block('second', 'type filter hook input priority 50; policy accept;', 'iifname "lo" accept\n' + times(1 + below(2), () => nftRule(0))))}
${maybe(3, () => block('nat', 'type nat hook prerouting priority dstnat; policy accept;', `${maybe(2, () => `ip saddr ${four()} accept`)}\ntcp dport ${port()} redirect to :${port()}`))}
}
`;

  function iptMatch(family: 4 | 6): string {
    const source = () => (family === 4 ? four() : six());
    const service = one('', '', `-p tcp -m tcp ${one('', '! ')}--dport ${port()}`, `-p udp -m udp --dport ${port()}`, `-p tcp -m multiport --dports ${port()},${port()},1000:${1000 + below(5000)}`, `-p tcp -m tcp --dport ${below(3000)}:${3000 + below(7000)}`, '-p tcp', '! -p udp', '-p tcp -m tcp --syn', `-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK ${one('SYN', 'ACK', 'SYN,ACK')}`);
    return [
      maybe(3, () => `${one('', '! ')}-s ${source()}`), maybe(9, () => `${one('', '! ')}-i ${one('cable0', 'lo', 'cab+')}`), service,
      maybe(8, () => `-m conntrack --ctstate ${one('NEW', 'RELATED,ESTABLISHED', 'INVALID', 'NEW,RELATED')}`),
      maybe(9, () => `-m addrtype ${one('', '! ')}--dst-type ${one('LOCAL', 'MULTICAST', 'UNICAST')}`),
      maybe(14, () => `-m mark --mark ${one('0x0', '0x9')}`),
      family === 4 ? maybe(12, () => `-m iprange --src-range 10.9.9.0-10.9.9.${below(20)}`) : '',
      maybe(12, () => '-m comment --comment "it is -j DROP"'),
    ].filter(Boolean).join(' ');
  }
  const iptEnd = (depth: number) => one('ACCEPT', 'ACCEPT', 'DROP', 'REJECT', 'RETURN', ...(depth < 2 ? [`c${depth}${below(2)}`, `c${depth}${below(2)}`] : []));
  const iptRule = (family: 4 | 6, chain: string, depth: number) => {
    const end = iptEnd(depth);
    return `-A ${chain} ${iptMatch(family)} ${/^c\d/.test(end) && below(3) === 0 ? '-g' : '-j'} ${end}`;
  };
  const iptables = (family: 4 | 6) => `${maybe(2, () => `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${family === 4 ? maybe(2, () => `-s ${four()}`) : ''} -p tcp -m tcp --dport ${port()} -j REDIRECT --to-ports ${port()}\nCOMMIT\n`)}${maybe(3, () => `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p ${one('tcp', 'udp')} --dport ${port()} -j DROP\nCOMMIT\n`)}*filter
:INPUT ${one('ACCEPT', 'DROP', 'DROP')} [0:0]
:c00 - [0:0]
:c01 - [0:0]
:c10 - [0:0]
:c11 - [0:0]
${family === 6 ? '-A INPUT -p ipv6-icmp -j ACCEPT' : '-A INPUT -p icmp -j ACCEPT'}
${times(2 + below(8), () => iptRule(family, 'INPUT', 0))}
${times(below(5), () => iptRule(family, one('c00', 'c01'), 1))}
${times(below(5), () => iptRule(family, one('c10', 'c11'), 2))}
COMMIT
`;
  return { nft, iptables };
}
