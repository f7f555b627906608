import type { Clock } from '../../lib/clock.ts';
import type { ProcessesDriver, ProcessRow } from '../processes.ts';
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

export function createFakeProcesses(clock: Clock, bootedAt: number): ProcessesDriver {
  return {
    async list() {
      const t = (clock.now() - bootedAt) / 1000;
      const programs = PROGRAMS.map(([name, command, user, threads, cpu, memory], i): ProcessRow => {
        const swing = cpu === 0 ? 0 : Math.max(0, value({ base: cpu, waves: [[cpu * 0.45, 29 + i, i / 7], [cpu * 0.25, 5.3 + i / 3, i / 5]] }, t));
        return {
          pid: i === 0 ? 1 : 410 + i * 37, parent: i === 0 ? 0 : 1, name, command, user, threads,
          state: swing > 15 ? 'R' : 'S', cpu: swing, memory: memory * MiB, startedAt: bootedAt + 2000 + i * 350,
        };
      });
      const kernel = KERNEL.map((name, i): ProcessRow => ({
        pid: i + 2, parent: i === 0 ? 0 : 2, name, command: `[${name}]`, user: 'root', threads: 1, state: i % 3 ? 'I' : 'S', cpu: 0, memory: 0, startedAt: bootedAt,
      }));
      return [...programs, ...kernel];
    },
  };
}
