import type { ExposureDriver } from '../exposure.ts';

/** ufw is on: the web, SSH in measure, and two ports that somebody opened in a hurry. Docker forwards past it, but for 2222. */
const RULES = (v6: boolean) => `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
${v6 ? '' : `-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i br-1a2b3c4d5e6f -p tcp -m tcp --dport 2368 -j DNAT --to-destination 172.20.0.7:2368
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 3002 -j DNAT --to-destination 172.17.0.9:3000
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 172.17.0.9:22`}
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:ufw-user-input - [0:0]
:ufw-user-limit - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -j ufw-user-input
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -o br-1a2b3c4d5e6f -j DOCKER
-A DOCKER -d 172.20.0.7/32 ! -i br-1a2b3c4d5e6f -o br-1a2b3c4d5e6f -p tcp -m tcp --dport 2368 -j ACCEPT
-A DOCKER -d 172.17.0.9/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 3000 -j ACCEPT
-A DOCKER -d 172.17.0.9/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 22 -j ACCEPT
${v6 ? '' : '-A DOCKER-USER ! -s 10.8.0.0/24 -p tcp -m conntrack --ctorigdstport 2222 -j DROP'}
-A ufw-user-input -p tcp -m multiport --dports 80,443 -j ACCEPT
-A ufw-user-input -p udp -m udp --dport 443 -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --rsource
-A ufw-user-input -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT --rsource -j ufw-user-limit
-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 9200 -j ACCEPT
${v6 ? '' : '-A ufw-user-input -s 10.8.0.0/24 -p tcp -m tcp --dport 8686 -j ACCEPT\n-A ufw-user-input -s 203.0.113.0/24 -p tcp -m tcp --dport 8686 -j ACCEPT'}
-A ufw-user-limit -j REJECT --reject-with icmp-port-unreachable
COMMIT
`;

/** The made-up machine, seen from outside. */
export const createFakeExposure = (): ExposureDriver => ({
  look: async () => ({
    rules: { iptables: [{ family: 4, text: RULES(false) }, { family: 6, text: RULES(true) }], nft: null },
    interfaces: [
      { name: 'lo', addresses: [{ address: '127.0.0.1', family: 4, prefix: 8 }, { address: '::1', family: 6, prefix: 128 }] },
      { name: 'eth0', addresses: [{ address: '203.0.113.10', family: 4, prefix: 24 }, { address: '2001:db8::10', family: 6, prefix: 64 }] },
      { name: 'wg0', addresses: [{ address: '10.8.0.1', family: 4, prefix: 24 }] },
      { name: 'docker0', addresses: [{ address: '172.17.0.1', family: 4, prefix: 16 }] },
      { name: 'br-1a2b3c4d5e6f', addresses: [{ address: '172.20.0.1', family: 4, prefix: 16 }] },
    ],
    bound: null,
  }),
});
