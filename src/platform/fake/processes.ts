import type { Clock } from '../../lib/clock.ts';
import { ENDING_SIGNALS, PROCESS_SIGNALS, type Listener, type ProcessChange, type ProcessesDriver, type ProcessKey, type ProcessRow } from '../processes.ts';
import { value } from './wave.ts';

const MiB = 2 ** 20;

/** name, command, user, threads, percent of a core, MiB. */
const PROGRAMS = [
  ['systemd', '/sbin/init', 'root', 1, 0.1, 13],
  ['systemd-journal', '/lib/systemd/systemd-journald', 'root', 1, 0.4, 64],
  ['systemd-udevd', '/lib/systemd/systemd-udevd', 'root', 1, 0, 8],
  ['dbus-daemon', '/usr/bin/dbus-daemon --system --nofork --nopidfile --systemd-activation', 'messagebus', 1, 0.1, 5],
  ['sshd', 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups', 'root', 1, 0, 9],
  ['cron', '/usr/sbin/cron -f', 'root', 1, 0, 3],
  ['chronyd', '/usr/sbin/chronyd -F 1', '_chrony', 1, 0.1, 4],
  ['nginx', 'nginx: master process /usr/sbin/nginx -g daemon on;', 'root', 1, 0, 12],
  ['nginx', 'nginx: worker process', 'www-data', 1, 6.5, 31],
  ['nginx', 'nginx: worker process', 'www-data', 1, 4.8, 29],
  ['postgres', '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main', 'postgres', 1, 0.3, 142],
  ['postgres', 'postgres: 15/main: shop shop 10.0.0.12(51544) SELECT', 'postgres', 1, 38, 486],
  ['postgres', 'postgres: 15/main: shop shop 10.0.0.12(51560) idle', 'postgres', 1, 3.1, 244],
  ['postgres', 'postgres: 15/main: checkpointer', 'postgres', 1, 1.2, 138],
  ['postgres', 'postgres: 15/main: walwriter', 'postgres', 1, 0.9, 22],
  ['redis-server', '/usr/bin/redis-server 127.0.0.1:6379', 'redis', 5, 2.4, 96],
  ['dockerd', '/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock', 'root', 24, 1.6, 118],
  ['containerd', '/usr/bin/containerd', 'root', 19, 0.8, 61],
  ['containerd-shim', '/usr/bin/containerd-shim-runc-v2 -namespace moby -id 5f0b7c2e', 'root', 12, 0.1, 14],
  ['node', 'node /app/server.js --port 3000', '1000', 11, 54, 734],
  ['node', 'node /app/worker.js', '1000', 11, 21, 402],
  ['java', 'java -Xmx4g -jar /opt/search/search.jar', 'search', 88, 31, 4310],
  ['php-fpm8.2', 'php-fpm: pool www', 'www-data', 1, 8.4, 88],
  ['php-fpm8.2', 'php-fpm: pool www', 'www-data', 1, 7.1, 84],
  ['mantou', '/usr/local/bin/mantou serve', 'root', 9, 0.3, 64],
  ['prometheus', '/usr/bin/prometheus --storage.tsdb.retention.time=30d', 'prometheus', 14, 3.3, 528],
  ['rsync', 'rsync -a --delete /srv/www/ /srv/backup/www/', 'root', 1, 12, 18],
  ['ffmpeg', 'ffmpeg -i /srv/media/inbox/talk.mov -c:v libx264 -preset slow /srv/media/talk.mp4', 'media', 17, 71, 612],
  ['unattended-upgr', '/usr/bin/python3 /usr/share/unattended-upgrades/unattended-upgrade-shutdown --wait-for-signal', 'root', 2, 0, 23],
  ['agetty', '/sbin/agetty -o -p -- \\u --noclear - linux', 'root', 1, 0, 2],
] as const;

const KERNEL = ['kthreadd', 'rcu_preempt', 'migration/0', 'ksoftirqd/0', 'kswapd0', 'kworker/u16:2-events_unbound', 'jbd2/nvme0n1p2-8'];

/** Services of the programs, by name; the two of node run in a container. */
const SERVICES: Record<string, string> = {
  systemd: 'init.scope', 'systemd-journal': 'systemd-journald.service', 'systemd-udevd': 'systemd-udevd.service', 'dbus-daemon': 'dbus.service', sshd: 'ssh.service',
  cron: 'cron.service', chronyd: 'chrony.service', nginx: 'nginx.service', postgres: 'postgresql@15-main.service', 'redis-server': 'redis-server.service',
  dockerd: 'docker.service', containerd: 'containerd.service', java: 'search.service', 'php-fpm8.2': 'php8.2-fpm.service', mantou: 'mantou.service', prometheus: 'prometheus.service',
};

const LISTENS: readonly (readonly [name: string, protocol: Listener['protocol'], address: string, port: number])[] = [
  ['sshd', 'tcp', '0.0.0.0', 22], ['sshd', 'tcp', '::', 22], ['nginx', 'tcp', '0.0.0.0', 80], ['nginx', 'tcp', '0.0.0.0', 443], ['nginx', 'udp', '0.0.0.0', 443],
  ['postgres', 'tcp', '127.0.0.1', 5432], ['redis-server', 'tcp', '127.0.0.1', 6379], ['java', 'tcp', '0.0.0.0', 9200], ['mantou', 'tcp', '0.0.0.0', 8686],
  ['chronyd', 'udp', '127.0.0.1', 323], ['prometheus', 'tcp', '127.0.0.1', 9090],
];

export interface FakeProcesses extends ProcessesDriver {
  /** What was asked for, as `kill -TERM 410`. */
  readonly ran: string[];
}

/**
 * Programs that do not exist, and do what they are told: who is ended is gone, who is stopped rests.
 * @param own number of the panel: none of them has it, or it would be taken for the panel
 */
export function createFakeProcesses(clock: Clock, bootedAt: number, own = process.pid): FakeProcesses {
  const ended = new Set<number>();
  const stopped = new Set<number>();
  const nices = new Map<number, number>();
  const ran: string[] = [];
  const pidOf = (i: number) => {
    const pid = i === 0 ? 1 : 410 + i * 37;
    return pid === own ? pid + 1 : pid;
  };
  const command = (pid: number, change: ProcessChange) => ('signal' in change ? `kill -${change.signal} ${pid}` : `renice -n ${change.nice} -p ${pid}`);

  function all(disks: boolean): ProcessRow[] {
    const t = (clock.now() - bootedAt) / 1000;
    const programs = PROGRAMS.map(([name, line, user, threads, cpu, memory], i): ProcessRow => {
      const pid = pidOf(i);
      const swing = cpu === 0 || stopped.has(pid) ? 0 : Math.max(0, value({ base: cpu, waves: [[cpu * 0.45, 29 + i, i / 7], [cpu * 0.25, 5.3 + i / 3, i / 5]] }, t));
      const container = name === 'node' ? '5f0b7c2e'.repeat(8) : null;
      return {
        pid, parent: parentOf(i, pidOf), name, command: line, user, threads, state: stopped.has(pid) ? 'T' : swing > 15 ? 'R' : 'S',
        cpu: swing, memory: memory * MiB, startedAt: bootedAt + 2000 + i * 350, nice: nices.get(pid) ?? (name === 'rsync' ? 10 : 0),
        service: container ? null : (SERVICES[name] ?? null), container,
        read: disks ? Math.round(swing * 4096) : null, written: disks ? Math.round(swing * 9000) : null, received: null, sent: null,
      };
    });
    const kernel = KERNEL.map((name, i): ProcessRow => ({
      pid: i + 2, parent: i === 0 ? 0 : 2, name, command: `[${name}]`, user: 'root', threads: 1, state: i % 3 ? 'I' : 'S', cpu: 0, memory: 0, startedAt: bootedAt,
      nice: 0, service: null, container: null, read: null, written: null, received: null, sent: null,
    }));
    return [...programs, ...kernel].filter(({ pid }) => !ended.has(pid));
  }
  const find = ({ pid, startedAt }: ProcessKey) => all(false).find((row) => row.pid === pid && row.startedAt === startedAt) ?? null;

  return {
    ran, command, signals: PROCESS_SIGNALS,
    list: async (disks = false) => all(disks),
    async one(key) {
      const row = find(key);
      if (!row) return null;
      const listens = LISTENS.filter(([name]) => name === row.name);
      return {
        row, executable: row.command.startsWith('/') ? row.command.split(' ')[0]! : `/usr/bin/${row.name}`, folder: '/', disk: { read: row.memory, written: row.memory / 2 },
        environment: ['LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', `HOME=/var/lib/${row.user}`, 'APP_SECRET=not-a-real-one'],
        files: { total: 4 + listens.length, limit: 1024, shown: [
          { fd: 0, kind: 'device', target: '/dev/null' }, { fd: 1, kind: 'file', target: `/var/log/${row.name}.log` }, { fd: 2, kind: 'file', target: `/var/log/${row.name}.log` },
          { fd: 3, kind: 'other', target: 'anon_inode:[eventpoll]' }, ...listens.map((_, i) => ({ fd: 4 + i, kind: 'socket' as const, target: `socket:[${20_000 + row.pid + i}]` })),
        ] },
        sockets: listens.flatMap(([, protocol, address, port]) => [
          { protocol, address, port, remote: null, state: protocol === 'tcp' ? 'LISTEN' : 'UNCONN', received: null, sent: null },
          ...(protocol === 'tcp' ? [{ protocol, address: '10.0.0.4', port, remote: { address: '203.0.113.7', port: 51_234 }, state: 'ESTAB', received: 48_213, sent: 1_204_771 }] : []),
        ]),
      };
    },
    traffic: async () => new Map(all(false).filter(({ name, cpu }) => cpu > 0 && LISTENS.some(([listens]) => listens === name)).map(({ pid, cpu }) => [pid, { received: Math.round(cpu * 3000), sent: Math.round(cpu * 21_000) }])),
    async listeners() {
      const rows = all(false);
      return LISTENS.flatMap(([name, protocol, address, port]) => {
        const holder = rows.find((row) => row.name === name);
        return holder ? [{ protocol, address, port, pid: holder.pid }] : [];
      });
    },
    async change(key, change) {
      if (!find(key)) return false;
      ran.push(command(key.pid, change));
      if ('nice' in change) nices.set(key.pid, change.nice);
      else if (change.signal === 'STOP') stopped.add(key.pid);
      else if (change.signal === 'CONT') stopped.delete(key.pid);
      else if (ENDING_SIGNALS.includes(change.signal)) ended.add(key.pid);
      return true;
    },
    runs: async (key) => find(key) !== null,
  };
}

/** Workers belong to the first of their name. */
function parentOf(i: number, pidOf: (i: number) => number): number {
  if (i === 0) return 0;
  const first = PROGRAMS.findIndex(([name]) => name === PROGRAMS[i]![0]);
  return first < i && first > 0 ? pidOf(first) : 1;
}
