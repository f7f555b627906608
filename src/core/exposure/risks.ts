/** What is known to go wrong when everybody reaches it. */
interface Known {
  /** As it listens when nobody says otherwise. */
  tcp?: readonly (number | readonly [number, number])[];
  udp?: readonly number[];
  /** Programs, services of Windows, and images of containers, by the start of their names. */
  names?: readonly string[];
  /** It has a lock of its own: open to everybody is a question, not a fault. */
  guarded?: true;
  /** Ports of these programs that are none of it. */
  except?: readonly number[];
}

/** Why and what to do stands in i18n, `exposure.risks`, under the same keys. */
const KNOWN = {
  redis: { tcp: [6379, 16379, 26379], names: ['redis', 'valkey', 'keydb', 'dragonfly'] },
  mysql: { tcp: [3306, 33060], names: ['mysqld', 'mariadb', 'mysql'] },
  postgres: { tcp: [5432], names: ['postgres', 'postgis', 'timescale', 'pgbouncer'] },
  mongodb: { tcp: [[27017, 27019]], names: ['mongo'] },
  memcached: { tcp: [11211], udp: [11211], names: ['memcached'] },
  elasticsearch: { tcp: [9200, 9300], names: ['elasticsearch', 'opensearch'] },
  otherDatabase: { tcp: [1433, 1521, 5984, 7000, 7474, 7687, 8086, 8123, 9042, 28015], names: ['clickhouse', 'cassandra', 'couchdb', 'influxd', 'neo4j', 'rethinkdb', 'sqlservr', 'cockroach'] },
  docker: { tcp: [2375, 2376, 2377], names: ['dockerd', 'docker-socket-proxy'], except: [4789, 7946] },
  etcd: { tcp: [2379, 2380], names: ['etcd'] },
  kubernetes: { tcp: [6443, 10250, 10255, 10256], names: ['kubelet', 'kube-apiserver'] },
  queue: { tcp: [4369, 5672, 15672, 9092, 2181, 61616, 4222], names: ['rabbitmq', 'kafka', 'zookeeper', 'nats-server', 'epmd', 'beam.smp', 'mosquitto'] },
  rdp: { tcp: [3389], udp: [3389], names: ['xrdp', 'TermService'] },
  winrm: { tcp: [5985, 5986] },
  smb: { tcp: [139, 445], udp: [137, 138], names: ['smbd', 'nmbd', 'samba'] },
  rpc: { tcp: [135] },
  rpcbind: { tcp: [111], udp: [111], names: ['rpcbind'] },
  nfs: { tcp: [2049, 20048], udp: [2049], names: ['nfsd', 'rpc.mountd', 'rpc.nfsd'] },
  x11: { tcp: [[6000, 6009]], names: ['Xorg'] },
  vnc: { tcp: [[5900, 5910]], names: ['Xvnc', 'x11vnc', 'vncserver', 'Xtigervnc', 'wayvnc'] },
  ftp: { tcp: [21], names: ['vsftpd', 'proftpd', 'pure-ftpd'] },
  telnet: { tcp: [23], names: ['telnetd', 'in.telnetd'] },
  rsync: { tcp: [873] },
  ldap: { tcp: [389], udp: [389], names: ['slapd'] },
  snmp: { udp: [161], names: ['snmpd'] },
  metrics: { tcp: [9090, 9100, 9093], names: ['prometheus', 'node_exporter', 'alertmanager', 'cadvisor'] },
  notebook: { tcp: [8888], names: ['jupyter'] },
  adb: { tcp: [5555], names: ['adbd'] },
  discovery: { udp: [1900, 5353, 5355], names: ['avahi-daemon', 'minissdpd'], guarded: true },
  printer: { tcp: [631], udp: [631], names: ['cupsd', 'cups-browsed'], guarded: true },
  panel: { names: ['mantou'], guarded: true },
} as const satisfies Record<string, Known>;

export type RiskId = keyof typeof KNOWN;
export const RISKS = Object.keys(KNOWN) as [RiskId, ...RiskId[]];

/** Ports that are there to be asked by everybody. */
const MEANT: Record<'tcp' | 'udp', ReadonlySet<number>> = {
  tcp: new Set([22, 25, 53, 80, 110, 143, 443, 465, 587, 853, 993, 995]),
  udp: new Set([53, 68, 123, 443, 500, 546, 1194, 3478, 4500, 51820]),
};

/** Programs that answer on any port, and are none of those above. */
const OTHERS = ['nginx', 'apache2', 'httpd', 'caddy', 'traefik', 'haproxy', 'envoy', 'sshd', 'dhclient', 'dhcpcd'];

export interface Asked {
  protocol: 'tcp' | 'udp';
  /** Of the machine; of a container also the port inside. */
  ports: readonly number[];
  /** Name of the program, last part of the image: "redis:7" of "docker.io/library/redis:7". */
  names: readonly string[];
}

export function riskOf({ protocol, ports, names }: Asked): RiskId | null {
  const lower = names.map((name) => name.toLowerCase());
  const begins = (wanted: readonly string[] = []) => lower.some((name) => wanted.some((one) => name.startsWith(one.toLowerCase())));
  const all = Object.entries(KNOWN) as [RiskId, Known][];
  const byName = all.find(([, known]) => begins(known.names) && !ports.some((port) => known.except?.includes(port)));
  if (byName) return byName[0];
  // A web server on the port of a database is none.
  if (begins(OTHERS)) return null;
  const at = all.find(([, known]) => (known[protocol] ?? []).some((one) => ports.some((port) => (typeof one === 'number' ? port === one : port >= one[0] && port <= one[1]))));
  return at?.[0] ?? null;
}

export const isGuarded = (risk: RiskId) => (KNOWN[risk] as Known).guarded === true;
export const isMeant = (protocol: 'tcp' | 'udp', port: number, names: readonly string[]) => MEANT[protocol].has(port) || names.some((name) => name === 'sshd');
