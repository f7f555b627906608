import type { PacketFilterDriver } from '../packet-filter.ts';

/** ufw is on; of the ports of the made-up engine, 2222 is limited by a rule of somebody's own. */
const RULES = `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i br-1a2b3c4d5e6f -p tcp -m tcp --dport 2368 -j DNAT --to-destination 172.20.0.7:2368
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 3002 -j DNAT --to-destination 172.17.0.9:3000
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 2222 -j DNAT --to-destination 172.17.0.9:22
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j DOCKER
-A DOCKER-USER ! -s 10.8.0.0/24 -p tcp -m conntrack --ctorigdstport 2222 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
`;

export const createFakePacketFilter = (): PacketFilterDriver => ({ read: async () => ({ rules4: RULES, rules6: RULES, tables: '', ufw: true, firewalld: false }) });
