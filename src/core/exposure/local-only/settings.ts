import type { RiskId } from '../risks.ts';

/** Where a known program is told on which address to listen. */
export interface Setting {
  /** As Debian and its like, and as Red Hat and its like have it. */
  files: readonly string[];
  /** What stands in it then. */
  lines: readonly string[];
  /** The service to start again, where the process does not tell. */
  unit: string;
}

/** From the manuals of each; a program that has no such setting is not here. */
const SETTINGS: Partial<Record<RiskId, Setting>> = {
  redis: { files: ['/etc/redis/redis.conf', '/etc/redis.conf'], lines: ['bind 127.0.0.1 -::1', 'protected-mode yes'], unit: 'redis-server' },
  mysql: { files: ['/etc/mysql/mariadb.conf.d/50-server.cnf', '/etc/mysql/mysql.conf.d/mysqld.cnf', '/etc/my.cnf'], lines: ['[mysqld]', 'bind-address = 127.0.0.1', 'mysqlx-bind-address = 127.0.0.1'], unit: 'mariadb' },
  postgres: { files: ['/etc/postgresql/*/main/postgresql.conf', '/var/lib/pgsql/data/postgresql.conf'], lines: ["listen_addresses = 'localhost'"], unit: 'postgresql' },
  mongodb: { files: ['/etc/mongod.conf'], lines: ['net:', '  bindIp: 127.0.0.1'], unit: 'mongod' },
  memcached: { files: ['/etc/memcached.conf', '/etc/sysconfig/memcached'], lines: ['-l 127.0.0.1', '-U 0'], unit: 'memcached' },
  elasticsearch: { files: ['/etc/elasticsearch/elasticsearch.yml', '/etc/opensearch/opensearch.yml'], lines: ['network.host: 127.0.0.1'], unit: 'elasticsearch' },
  docker: { files: ['/etc/docker/daemon.json'], lines: ['"hosts": ["unix:///var/run/docker.sock"]'], unit: 'docker' },
  etcd: { files: ['/etc/default/etcd', '/etc/etcd/etcd.conf'], lines: ['ETCD_LISTEN_CLIENT_URLS="http://127.0.0.1:2379"', 'ETCD_LISTEN_PEER_URLS="http://127.0.0.1:2380"'], unit: 'etcd' },
  smb: { files: ['/etc/samba/smb.conf'], lines: ['[global]', 'interfaces = lo', 'bind interfaces only = yes'], unit: 'smbd' },
  rpcbind: { files: ['/etc/systemd/system/rpcbind.socket.d/local.conf'], lines: ['[Socket]', 'ListenStream=', 'ListenStream=/run/rpcbind.sock', 'ListenStream=127.0.0.1:111', 'ListenDatagram=', 'ListenDatagram=127.0.0.1:111'], unit: 'rpcbind.socket' },
  ftp: { files: ['/etc/vsftpd.conf'], lines: ['listen=YES', 'listen_ipv6=NO', 'listen_address=127.0.0.1'], unit: 'vsftpd' },
  rsync: { files: ['/etc/rsyncd.conf'], lines: ['address = 127.0.0.1'], unit: 'rsync' },
  ldap: { files: ['/etc/default/slapd'], lines: ['SLAPD_SERVICES="ldap://127.0.0.1:389/ ldapi:///"'], unit: 'slapd' },
  snmp: { files: ['/etc/snmp/snmpd.conf'], lines: ['agentaddress 127.0.0.1,[::1]'], unit: 'snmpd' },
  rdp: { files: ['/etc/xrdp/xrdp.ini'], lines: ['[Globals]', 'port=tcp://127.0.0.1:3389'], unit: 'xrdp' },
  metrics: { files: ['/etc/default/prometheus', '/etc/default/prometheus-node-exporter'], lines: ['ARGS="--web.listen-address=127.0.0.1:9090"'], unit: 'prometheus' },
  notebook: { files: ['~/.jupyter/jupyter_server_config.py'], lines: ["c.ServerApp.ip = '127.0.0.1'"], unit: 'jupyter' },
  printer: { files: ['/etc/cups/cupsd.conf'], lines: ['Listen localhost:631'], unit: 'cups' },
  panel: { files: ['config.toml'], lines: ['host = "127.0.0.1"'], unit: 'mantou' },
};

/** The same on Windows, as the installers of each put it there. */
const WINDOWS: Partial<Record<RiskId, Setting>> = {
  mysql: { files: ['C:\\ProgramData\\MySQL\\MySQL Server *\\my.ini'], lines: SETTINGS.mysql!.lines, unit: 'MySQL80' },
  postgres: { files: ['C:\\Program Files\\PostgreSQL\\*\\data\\postgresql.conf'], lines: SETTINGS.postgres!.lines, unit: 'postgresql-x64-17' },
  mongodb: { files: ['C:\\Program Files\\MongoDB\\Server\\*\\bin\\mongod.cfg'], lines: SETTINGS.mongodb!.lines, unit: 'MongoDB' },
  docker: { files: ['C:\\ProgramData\\docker\\config\\daemon.json'], lines: ['"hosts": ["npipe://"]'], unit: 'docker' },
  panel: SETTINGS.panel!,
};

export const settingOf = (risk: RiskId | null, windows = false): Setting | null => (risk && (windows ? WINDOWS : SETTINGS)[risk]) ?? null;
