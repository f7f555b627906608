import { expect, test } from 'bun:test';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePretty, renameInHosts } from './identity.ts';
import { fromNode, parseInterfaces, parseRoutes } from './interfaces.ts';
import { parseLang, parseSupported, withLocale, written } from './locale.ts';
import { parseScheduled } from './power-schedule.ts';
import { ownerOf, parseResolv, resolvedSettings, withResolver } from './resolver.ts';
import { createLinuxSwap, parseSwaps, withoutSwap, withSwap } from './swap.ts';
import { parseChrony, parseShow, parseTimesync, parseZones } from './time.ts';

/** Captured on Debian 12 (systemd 252, iproute2 6.1). */
const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/system', name), 'utf8');

test('hosts: the old name goes where it stands for this machine, and only there', () => {
  const hosts = '127.0.0.1\tlocalhost\n127.0.1.1\told.example.org\told # old\n::1 localhost old\n10.0.0.9 old-db old.other\n10.0.0.4\told\n8.8.8.8 old\n';
  expect(renameInHosts(hosts, 'old', 'new', ['10.0.0.4'])).toBe('127.0.0.1\tlocalhost\n127.0.1.1\tnew.example.org\tnew # old\n::1 localhost new\n10.0.0.9 old-db old.other\n10.0.0.4\tnew\n8.8.8.8 old\n');
  expect(renameInHosts('127.0.0.1 localhost\n', 'old', 'new', [])).toBe('127.0.0.1 localhost\n127.0.1.1\tnew\n');
  expect(renameInHosts('', 'old', 'new', [])).toBe('127.0.1.1\tnew\n');
  expect(renameInHosts('127.0.0.1 localhost', 'localhost', 'new', [])).toBe('127.0.0.1 localhost\n127.0.1.1\tnew\n');
  // A name that has $ and & in it for a replacement stays text.
  expect(renameInHosts('127.0.1.1 a\n', 'a', 'b$&c', [])).toContain('b$&c');
  expect(renameInHosts(fixture('hosts'), 'steamer', 'bamboo', ['172.17.0.8'])).toContain('172.17.0.8\tbamboo');
});

test('names for people, as a shell would read them', () => {
  expect(['PRETTY_HOSTNAME="Lin’s \\"server\\""\n', "PRETTY_HOSTNAME='a b'\n", 'PRETTY_HOSTNAME=x\nICON_NAME=y\n', 'ICON_NAME=y\n', ''].map(parsePretty)).toEqual(['Lin’s "server"', 'a b', 'x', null, null]);
});

test('time zones: all places and UTC, no files beside them', () => {
  const zones = parseZones(fixture('tzdata.zi'));
  expect(zones.length).toBeGreaterThan(450);
  for (const name of ['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8', 'UTC']) expect(zones).toContain(name);
  expect(zones.filter((name) => !/^[\w+/-]+$/.test(name) || name.includes('..'))).toEqual([]);
  expect(parseZones('')).toEqual([]);
});

test('who keeps the clock, and how far it was off', () => {
  expect(parseShow(fixture('timedatectl-show'))).toMatchObject({ Timezone: 'Etc/UTC', CanNTP: 'no', NTP: 'no', NTPSynchronized: 'no' });
  // As systemd 252 and chrony 4.3 document it: neither runs in the hosts that are tested on.
  expect(parseTimesync('       Server: 162.159.200.1 (2.debian.pool.ntp.org)\nPoll interval: 34min 8s (min: 32s; max 34min 8s)\n       Offset: -1.236ms\n        Delay: 9.2ms\n')).toEqual({ server: '162.159.200.1 (2.debian.pool.ntp.org)', offset: -1.236 });
  expect(['+250us', '1.5s', '2min'].map((text) => parseTimesync(`  Offset: ${text}\n`).offset)).toEqual([0.25, 1500, 120_000]);
  expect(parseTimesync('')).toEqual({ server: null, offset: null });
  expect(parseChrony('A29FC87B,162.159.200.123,4,1732000000.1,-0.000123,0.0001,0.0002,-4.1,0.01,0.05,0.009,0.0007,64.2,Normal\n')).toEqual({ server: '162.159.200.123', offset: -0.123, synchronized: true });
  expect(parseChrony('00000000,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised\n').synchronized).toBe(false);
  expect(parseChrony('506 Cannot talk to daemon').synchronized).toBeNull();
});

test('languages: what is there, what can be made, and the line of it', () => {
  expect(fixture('locale-a').trim().split('\n').map(written)).toEqual(['C', 'C.UTF-8', 'POSIX']);
  const all = parseSupported(fixture('i18n-supported'));
  expect([all.includes('zh_CN.UTF-8'), all.includes('en_US.UTF-8'), all.some((name) => /ISO|GBK|EUC|\s/.test(name))]).toEqual([true, true, false]);
  const gen = fixture('locale.gen');
  const made = withLocale(gen, 'aa_DJ.UTF-8');
  expect([made.includes('\naa_DJ.UTF-8 UTF-8\n'), made.split('\n').length, withLocale(made, 'aa_DJ.UTF-8')]).toEqual([true, gen.split('\n').length, made]);
  expect(withLocale('', 'xx_XX.UTF-8')).toBe('xx_XX.UTF-8 UTF-8\n');
  expect(['LANG=en_US.UTF-8\n', 'LANGUAGE=x\nLANG="zh_CN.UTF-8"\n', "LANG='a_B'\n", 'LANG=$(x)\n', ''].map(parseLang)).toEqual(['en_US.UTF-8', 'zh_CN.UTF-8', 'a_B', null, null]);
});

test('resolv.conf: read, written with its remarks and options kept, and whose it is', () => {
  const text = '# mine\ndomain old.example\nnameserver 10.0.0.53 # first\nnameserver ::1\noptions timeout:1\nsearch a.example b.example\n';
  expect(parseResolv(text)).toEqual({ servers: ['10.0.0.53', '::1'], search: ['a.example', 'b.example'] });
  expect(withResolver(text, { servers: ['9.9.9.9'], search: [] })).toBe('# mine\noptions timeout:1\nnameserver 9.9.9.9\n');
  expect(parseResolv(withResolver('', { servers: ['9.9.9.9', '2620:fe::fe'], search: ['x.y'] }))).toEqual({ servers: ['9.9.9.9', '2620:fe::fe'], search: ['x.y'] });
  const owner = (real: string, content = '', mounted = false) => ownerOf(real, content, mounted);
  expect(owner('/run/systemd/resolve/stub-resolv.conf').owner).toBe('systemd-resolved');
  expect(owner('/run/NetworkManager/resolv.conf').owner).toBe('NetworkManager');
  expect(owner('/etc/resolv.conf', '# Generated by NetworkManager\n').owner).toBe('NetworkManager');
  expect(owner('/run/resolvconf/resolv.conf').owner).toBe('resolvconf');
  expect(owner('/etc/resolv.conf', '# Generated by dhcpcd from eth0.dhcp\n')).toEqual({ owner: 'other', by: 'dhcpcd' });
  expect(owner('/etc/resolv.conf', 'nameserver 1.1.1.1\n', true).owner).toBe('container');
  expect(owner('/etc/resolv.conf', '# mine\n')).toEqual({ owner: 'file', by: null });
});

test('systemd-resolved: servers are exchanged, not added to those of other files', () => {
  expect(resolvedSettings({ servers: ['9.9.9.9', '::1'], search: [] })).toBe('[Resolve]\nDNS=\nDNS=9.9.9.9 ::1\nDomains=\n');
  expect(resolvedSettings({ servers: ['9.9.9.9'], search: ['a.example', 'b'] })).toBe('[Resolve]\nDNS=\nDNS=9.9.9.9\nDomains=\nDomains=a.example b\n');
});

test('addresses and routes; without ip(8) there are addresses still', () => {
  const interfaces = parseInterfaces(fixture('ip-address.json'));
  expect(interfaces.map(({ name, kind, addresses }) => [name, kind, addresses.map(({ address, prefix }) => `${address}/${prefix}`)])).toEqual([['lo', 'loopback', ['127.0.0.1/8']], ['eth0', 'veth', [expect.stringContaining('/16')]]] as never);
  expect(parseRoutes(fixture('ip-route.json'), 4)[0]).toMatchObject({ family: 4, to: 'default', dev: 'eth0', metric: null });
  for (const broken of ['', '{}', 'null', '[1]', 'Object "-j" is unknown, try "ip help".']) expect([parseInterfaces(broken), parseRoutes(broken, 6)]).toEqual([[], []]);
  expect(fromNode().every(({ addresses }) => addresses.length > 0)).toBe(true);
});

test('swap: areas, and the line in fstab that comes and goes', () => {
  const fstab = 'UUID=5b1e / ext4 errors=remount-ro 0 1\n# /swapfile none swap sw 0 0\n/swapfile none swap sw 0 0\n/swapfile2 /mnt ext4 defaults 0 0';
  const swaps = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swapfile                               file\t\t2097148\t\t524\t\t-2\n/dev/dm-1                               partition\t1000\t0\t-3\n/mnt/my\\040swap file 64 0 5\n';
  expect(parseSwaps(swaps, fstab)).toEqual([
    { path: '/swapfile', kind: 'file', size: 2097148 * 1024, used: 524 * 1024, priority: -2, kept: true },
    { path: '/dev/dm-1', kind: 'partition', size: 1_024_000, used: 0, priority: -3, kept: true },
    { path: '/mnt/my swap', kind: 'file', size: 65_536, used: 0, priority: 5, kept: false },
  ]);
  expect(withoutSwap(fstab, '/swapfile')).toBe('UUID=5b1e / ext4 errors=remount-ro 0 1\n# /swapfile none swap sw 0 0\n/swapfile2 /mnt ext4 defaults 0 0');
  expect(withoutSwap(fstab, '/swapfile2')).toBe(fstab);
  expect(withSwap(fstab, '/swapfile')).toBe(fstab);
  expect(withSwap('x', '/s')).toBe('x\n/s\tnone\tswap\tsw\t0\t0\n');
  expect(parseSwaps('', '')).toEqual([]);
});

test('swap: what somebody wrote into fstab while it worked stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-swap-'));
  const [fstab, swaps] = [join(folder, 'fstab'), join(folder, 'swaps')];
  writeFileSync(fstab, 'UUID=5b1e / ext4 defaults 0 1\n/dev/md9 none swap sw 0 0\n');
  writeFileSync(swaps, 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/md9                               partition\t1000\t0\t-2\n');
  const run = async () => {
    appendFileSync(fstab, 'UUID=77aa /srv ext4 defaults 0 2\n');
    return { code: 0, stdout: '', stderr: '', truncated: false };
  };
  const swap = createLinuxSwap({ which: (tool) => `/sbin/${tool}`, run }, { fstab, swaps });
  expect((await swap.plan({ remove: '/dev/md9' })).files).toMatchObject([{ path: fstab, after: 'UUID=5b1e / ext4 defaults 0 1\n' }]);
  await swap.apply({ remove: '/dev/md9' });
  expect(readFileSync(fstab, 'utf8')).toBe('UUID=5b1e / ext4 defaults 0 1\nUUID=77aa /srv ext4 defaults 0 2\n');
  rmSync(folder, { recursive: true });
});

test('what is planned, with a message in any writing', () => {
  expect(parseScheduled(fixture('shutdown-scheduled'))).toEqual({ action: 'reboot', at: 1795936076210, message: '新内核 "6.1" & more' });
  expect(parseScheduled('USEC=1000000000000000\nMODE=poweroff\n')).toEqual({ action: 'shutdown', at: 1_000_000_000_000, message: '' });
  expect(['', 'MODE=reboot\n', 'USEC=1\nMODE=exit\n', 'USEC=x\nMODE=reboot\n'].map(parseScheduled)).toEqual([null, null, null, null]);
});
