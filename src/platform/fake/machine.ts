import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Host } from '../host.ts';
import { renameInHosts } from '../linux/system/identity.ts';
import { withResolver, parseResolv } from '../linux/system/resolver.ts';
import { withoutSwap, withSwap } from '../linux/system/swap.ts';
import { planOf, type Plan, type Planner } from '../plan.ts';
import type { ScheduledPower } from '../power-schedule.ts';
import type { SwapArea } from '../swap.ts';

const GIB = 2 ** 30;
const STEP_MS = 100;
const ZONES = ['Africa/Cairo', 'America/Los_Angeles', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Asia/Shanghai', 'Asia/Singapore', 'Asia/Tokyo', 'Australia/Sydney', 'Europe/Berlin', 'Europe/London', 'Etc/UTC', 'UTC'];

type Machine = Pick<Host, 'identity' | 'time' | 'locale' | 'resolver' | 'interfaces' | 'swap' | 'powerSchedule'>;

/** The name, time, languages, network and swap of the machine that does not exist: what is changed is so from then on. */
export function createFakeMachine(clock: Clock): Machine & { readonly did: string[]; called(): string } {
  const did: string[] = [];
  /** What a change runs is one and the same for showing and doing. */
  const planner = <Change>(plan: (change: Change) => Plan, apply: (change: Change) => void | Promise<void>): Planner<Change> => ({
    refusal: async () => null,
    plan: async (change) => plan(change),
    async apply(change, run = {}) {
      const { commands } = plan(change);
      for (const command of commands) run.onOutput?.(`${command}\n`);
      if (run.signal) await Bun.sleep(STEP_MS);
      run.signal?.throwIfAborted();
      did.push(...commands);
      await apply(change);
    },
  });

  const name = { name: 'demo-01', pretty: '' };
  let hosts = '127.0.0.1\tlocalhost\n127.0.1.1\tdemo-01.example.com\tdemo-01\n\n::1\tlocalhost ip6-localhost\n';
  let [zone, sync] = ['Asia/Shanghai', true];
  let locale = 'en_US.UTF-8';
  const installed = ['C.UTF-8', 'en_US.UTF-8', 'zh_CN.UTF-8'];
  const makeable = ['de_DE.UTF-8', 'fr_FR.UTF-8', 'ja_JP.UTF-8', 'zh_TW.UTF-8'];
  let resolv = '# Static addresses of this server\nnameserver 1.1.1.1\nnameserver 2606:4700:4700::1111\nsearch example.com\n';
  let areas: SwapArea[] = [{ path: '/swapfile', kind: 'file', size: 2 * GIB, used: 0.11 * GIB, priority: -2, kept: true }];
  let [swappiness, fstab] = [60, 'UUID=5b1e /  ext4 errors=remount-ro 0 1\n/swapfile\tnone\tswap\tsw\t0\t0\n'];
  let planned: ScheduledPower | null = null;
  const nextSwap = () => (areas.some(({ path }) => path === '/swapfile') ? `/swapfile${areas.length + 1}` : '/swapfile');
  const find = (path: string) => areas.find((one) => one.path === path) ?? refuse();

  return {
    did,
    called: () => name.name,
    identity: {
      ...planner(
        (change) => planOf(change.name === name.name && change.pretty === name.pretty ? [] : [...(change.name === name.name ? [] : [`hostnamectl --static set-hostname -- ${change.name}`]), ...(change.pretty === name.pretty ? [] : [`hostnamectl --pretty set-hostname -- '${change.pretty}'`])], change.name === name.name ? [] : [{ path: '/etc/hosts', before: hosts, after: renameInHosts(hosts, name.name, change.name, []) }]),
        (change) => {
          hosts = renameInHosts(hosts, name.name, change.name, []);
          Object.assign(name, change);
        },
      ),
      read: async () => ({ name: name.name, written: name.name, pretty: name.pretty || null, hasPretty: true, netbios: false }),
    },
    time: {
      ...planner(
        (change) => {
          if (!('zone' in change || 'sync' in change)) throw new AppError('unsupported', (t) => t.system.time.noServers);
          if ('zone' in change && !ZONES.includes(change.zone)) throw new AppError('invalid', (t) => t.system.time.noZone, { field: 'zone' });
          return planOf(['zone' in change ? `timedatectl set-timezone ${change.zone}` : `timedatectl set-ntp ${change.sync}`]);
        },
        (change) => void ('zone' in change ? (zone = change.zone) : 'sync' in change && (sync = change.sync)),
      ),
      read: async () => ({ zone, zones: ZONES, titles: {}, ahead: null, sync: { service: 'systemd-timesyncd', on: sync, synchronized: sync, offset: sync ? -1.236 : null, server: sync ? '162.159.200.1 (2.debian.pool.ntp.org)' : null, lastAt: null, can: true, servers: null } }),
    },
    locale: {
      ...planner(
        (change) => {
          if (![...installed, ...makeable].includes(change.locale)) throw new AppError('invalid', (t) => t.system.locale.noSuch, { field: 'locale' });
          const fresh = !installed.includes(change.locale);
          return planOf([...(fresh ? ['locale-gen'] : []), `localectl set-locale LANG=${change.locale}`], fresh ? [{ path: '/etc/locale.gen', before: `# ${change.locale} UTF-8\n`, after: `${change.locale} UTF-8\n` }] : []);
        },
        (change) => {
          locale = change.locale;
          if (makeable.includes(locale)) installed.push(...makeable.splice(makeable.indexOf(locale), 1));
        },
      ),
      read: async () => ({ current: locale, installed: [...installed], makeable: [...makeable], written: null, languages: null }),
    },
    resolver: {
      ...planner(
        (change) => planOf([], [{ path: '/etc/resolv.conf', before: resolv, after: withResolver(resolv, change) }]),
        (change) => void (resolv = withResolver(resolv, change)),
      ),
      read: async () => ({ owner: 'file', by: null, path: '/etc/resolv.conf', links: null, ...parseResolv(resolv) }),
    },
    interfaces: {
      read: async () => ({
        interfaces: [
          { name: 'lo', state: 'UNKNOWN', mac: null, mtu: 65_536, kind: 'loopback', addresses: [{ family: 4, address: '127.0.0.1', prefix: 8, scope: 'host', dynamic: false }, { family: 6, address: '::1', prefix: 128, scope: 'host', dynamic: false }] },
          { name: 'eth0', state: 'UP', mac: '52:54:00:12:34:56', mtu: 1500, kind: 'ether', addresses: [{ family: 4, address: '203.0.113.10', prefix: 24, scope: 'global', dynamic: true }, { family: 6, address: '2001:db8::10', prefix: 64, scope: 'global', dynamic: false }, { family: 6, address: 'fe80::5054:ff:fe12:3456', prefix: 64, scope: 'link', dynamic: false }] },
          { name: 'wg0', state: 'UNKNOWN', mac: null, mtu: 1420, kind: 'wireguard', addresses: [{ family: 4, address: '10.8.0.1', prefix: 24, scope: 'global', dynamic: false }] },
          { name: 'docker0', state: 'DOWN', mac: '02:42:9d:1f:00:01', mtu: 1500, kind: 'bridge', addresses: [{ family: 4, address: '172.17.0.1', prefix: 16, scope: 'global', dynamic: false }] },
        ],
        routes: [
          { family: 4, to: 'default', via: '203.0.113.1', dev: 'eth0', source: '203.0.113.10', metric: 100, protocol: 'dhcp' },
          { family: 4, to: '203.0.113.0/24', via: null, dev: 'eth0', source: '203.0.113.10', metric: 100, protocol: 'kernel' },
          { family: 4, to: '10.8.0.0/24', via: null, dev: 'wg0', source: '10.8.0.1', metric: null, protocol: 'kernel' },
          { family: 6, to: 'default', via: '2001:db8::1', dev: 'eth0', source: null, metric: 1024, protocol: 'static' },
        ],
      }),
    },
    swap: {
      ...planner(
        (change) => {
          if ('swappiness' in change) return planOf([`sysctl -w vm.swappiness=${change.swappiness}`], [{ path: '/etc/sysctl.d/60-mantou-swap.conf', before: null, after: `vm.swappiness = ${change.swappiness}\n` }]);
          if ('remove' in change) return planOf([`swapoff -- ${find(change.remove).path}`, `rm -- ${change.remove}`], [{ path: '/etc/fstab', before: fstab, after: withoutSwap(fstab, change.remove) }]);
          if (!('add' in change)) throw new AppError('unsupported', (t) => t.system.swap.noPageFiles);
          if (change.add * 2 ** 20 > 40 * GIB) throw new AppError('conflict', (t) => t.system.swap.noRoom, { field: 'size' });
          const path = nextSwap();
          return planOf([`dd if=/dev/zero of=${path} bs=1M count=${change.add} conv=fsync`, `mkswap ${path}`, `swapon ${path}`], [{ path: '/etc/fstab', before: fstab, after: withSwap(fstab, path) }]);
        },
        (change) => {
          if ('swappiness' in change) return void (swappiness = change.swappiness);
          if (!('remove' in change || 'add' in change)) return;
          const path = 'remove' in change ? change.remove : nextSwap();
          fstab = 'remove' in change ? withoutSwap(fstab, path) : withSwap(fstab, path);
          areas = 'remove' in change ? areas.filter((one) => one.path !== path) : [...areas, { path, kind: 'file', size: change.add * 2 ** 20, used: 0, priority: -3, kept: true }];
        },
      ),
      read: async () => ({ areas, paging: null, swappiness, free: 42 * GIB, path: nextSwap() }),
    },
    powerSchedule: {
      ...planner(
        (change) => planOf(['cancel' in change ? 'shutdown -c' : `shutdown ${change.action === 'reboot' ? '-r' : '-P'} -- ${change.when}${change.message ? ` '${change.message}'` : ''}`]),
        (change) => void (planned = 'cancel' in change ? null : { action: change.action, at: soonAt(change.when, clock.now(), zone), message: change.message }),
      ),
      read: async () => (planned && planned.at > clock.now() ? planned : (planned = null)),
    },
  };
}

/** Of "+90" and "03:30", ms since 1970. */
function soonAt(when: string, now: number, zone: string): number {
  const [, hours, minutes] = /^(\d+):(\d+)$/.exec(when) ?? [];
  if (hours === undefined) return now + Number(when) * 60_000;
  const here = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now).split(':').map(Number);
  const away = Number(hours) * 60 + Number(minutes) - (here[0]! * 60 + here[1]!);
  return now + (away > 0 ? away : away + 1440) * 60_000;
}

function refuse(): never {
  throw new AppError('not_found', (t) => t.system.swap.noSuch);
}
