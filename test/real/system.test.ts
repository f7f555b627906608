import { afterAll, beforeAll, expect } from 'bun:test';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';

/** The machine itself, on a Debian of its own (support/systemd-host.ts): name, time, language, DNS, and when it goes down. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: PanelOnHost;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('ufw');
    // The engine mounts these from outside; a machine has them as files.
    await panel.sh('for name in hostname hosts; do cp /etc/$name /tmp/$name; umount /etc/$name; cp /tmp/$name /etc/$name; done');
  });
  afterAll(() => panel?.stop());
}

const text = async (path: string) => (await panel.get(path)).text();

it('S1 S2 S3 refused: names, zones, servers and times that would be something else', async () => {
  for (const name of ['-x', 'a_b', 'a..b', 'x'.repeat(64), `${'x'.repeat(40)}.${'y'.repeat(40)}`, 'a b', 'a;reboot', '127.0.0.1', '名', 'a\nb', '']) await panel.api('PUT', '/system/identity', { name }, 422);
  for (const pretty of ['a\nb', 'a\u202eb', 'x'.repeat(101)]) await panel.api('PUT', '/system/identity', { name: 'steamer', pretty }, 422);
  for (const zone of ['../../etc/passwd', '/etc/passwd', '-x', 'Asia/Nowhere', 'Asia/Shanghai;reboot', 'tzdata.zi']) await panel.api('PATCH', '/system/time', { zone }, 422);
  for (const locale of ['-x', 'xx_XX.UTF-8', 'en_US.UTF-8 UTF-8\nde_DE', '../x']) await panel.api('PUT', '/system/locale', { locale }, 422);
  for (const servers of [[], ['x'], ['1.2.3'], ['1.1.1.1\nnameserver 6.6.6.6'], ['fe80::1%eth0'], ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'], ['-1.1.1.1']]) await panel.api('PUT', '/system/dns', { servers }, 422);
  for (const when of ['now', '+0', '-5', '+20000', '25:00', '12:60', '+5 x']) await panel.api('POST', '/system/power', { action: 'reboot', when }, 422);
  for (const message of ['-h', 'a\nb', 'x'.repeat(201)]) await panel.api('POST', '/system/power', { action: 'reboot', when: '+5', message }, 422);
  expect(await panel.sh('hostname; readlink /etc/localtime; ls /run/systemd/shutdown 2>/dev/null || true')).toBe('steamer\n/usr/share/zoneinfo/Etc/UTC');
});

it('the name changes at once and for good, in /etc/hosts too, and every page shows it', async () => {
  const hosts = await panel.sh('cat /etc/hosts');
  const { html } = await panel.planned('/system/hostname', { name: 'bamboo.example.org', pretty: 'Lin’s “server”' });
  expect(html).toContain('hostnamectl --static set-hostname -- bamboo.example.org');
  expect(html).toContain('/etc/hosts: 1 line added, 1 removed');
  expect(await panel.sh('hostname; cat /etc/hostname; hostnamectl --pretty')).toBe('bamboo.example.org\nbamboo.example.org\nLin’s “server”');
  expect(await panel.sh('cat /etc/hosts')).toBe(hosts.replace(/\bsteamer\b/, 'bamboo.example.org'));
  expect((await panel.sh('getent hosts bamboo.example.org'))).toContain(panel.host.ip);
  expect(await panel.api('GET', '/system/identity')).toMatchObject({ name: 'bamboo.example.org', pretty: 'Lin’s “server”' });
  expect(await panel.api('GET', '/system')).toMatchObject({ hostname: 'bamboo.example.org' });
  expect(await text('/system')).toContain('bamboo.example.org');
  await panel.api('PUT', '/system/identity', { name: 'steamer' });
  expect(await panel.sh('hostname; cat /etc/hosts; hostnamectl --pretty')).toBe(`steamer\n${hosts}`);
});

it('what changed since it was shown is shown again, not done', async () => {
  const html = await (await panel.post('/system/hostname', { name: 'other', pretty: '' })).text();
  const seen = /name="seen" value="([^"]*)"/.exec(html)![1]!;
  await panel.sh('echo "10.0.0.1 db" >> /etc/hosts');
  const answer = await panel.post('/system/hostname', { name: 'other', pretty: '', do: 'apply', seen });
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('The machine has changed since this was shown')]);
  expect(await panel.sh('hostname')).toBe('steamer');
});

it('the time zone is the machine’s own from then on', async () => {
  const before = await panel.api('GET', '/system/time');
  expect(before.zone).toBe('Etc/UTC');
  expect(before.zones.length).toBeGreaterThan(400);
  for (const zone of ['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'UTC', 'Asia/Chongqing']) expect(before.zones).toContain(zone);
  const { html } = await panel.planned('/system/time-zone', { zone: 'Asia/Shanghai' });
  expect(html).toContain('timedatectl set-timezone Asia/Shanghai');
  expect(await panel.sh('readlink /etc/localtime; date +%Z')).toBe('../usr/share/zoneinfo/Asia/Shanghai\nCST');
  expect((await panel.api('GET', '/system/time')).zone).toBe('Asia/Shanghai');
  // Without a program that keeps the clock there is nothing to turn on, and timedatectl says so in its own words.
  expect(before.sync).toMatchObject({ service: null, can: false, on: false });
  expect(await text('/system')).toContain('install systemd-timesyncd or chrony');
  expect((await panel.api('PATCH', '/system/time', { sync: true }, 503)).output).toContain('NTP');
});

it('a language that is not there is made as a task; programs of the next sign-in speak it', async () => {
  const { installed, makeable } = await panel.api('GET', '/system/locale');
  expect(installed).toContain('C.UTF-8');
  expect(makeable).toContain('zh_CN.UTF-8');
  const { html, to } = await panel.planned('/system/locale', { locale: 'zh_CN.UTF-8' });
  expect(html).toContain('locale-gen\nlocalectl set-locale LANG=zh_CN.UTF-8');
  const task = await panel.ended(to.split('/').at(-1)!);
  expect([task.state, task.log]).toEqual(['done', expect.stringContaining('zh_CN.UTF-8')]);
  expect(await panel.sh('locale -a | grep zh_CN; cat /etc/default/locale')).toBe('zh_CN.utf8\nLANG=zh_CN.UTF-8');
  expect(await panel.api('GET', '/system/locale')).toMatchObject({ current: 'zh_CN.UTF-8' });
  expect(await panel.sh('LANG=zh_CN.UTF-8 ls /nowhere 2>&1 || true; grep -c "^zh_CN" /etc/locale.gen')).toMatch(/\n1$/);
});

it('who writes resolv.conf is said; it is changed only where nobody overwrites it', async () => {
  expect(await panel.api('GET', '/system/dns')).toMatchObject({ owner: 'container' });
  expect(await text('/system/network')).toContain('its engine gives it the file anew');
  await panel.api('PUT', '/system/dns', { servers: ['9.9.9.9'] }, 501);
  await panel.sh('umount /etc/resolv.conf; printf "# mine\\noptions timeout:1\\nnameserver 10.0.0.53\\nsearch old.example\\n" > /etc/resolv.conf');
  expect(await panel.api('GET', '/system/dns')).toMatchObject({ owner: 'file', servers: ['10.0.0.53'], search: ['old.example'] });
  await panel.planned('/system/dns', { servers: '9.9.9.9\r\n2620:fe::fe', search: 'new.example' });
  expect(await panel.sh('cat /etc/resolv.conf')).toBe('# mine\noptions timeout:1\nnameserver 9.9.9.9\nnameserver 2620:fe::fe\nsearch new.example');
  await panel.sh('printf "# Generated by NetworkManager\\nnameserver 10.0.0.53\\n" > /etc/resolv.conf');
  await panel.api('PUT', '/system/dns', { servers: ['9.9.9.9'] }, 501);
  expect(await text('/system/network')).toContain('nmcli connection modify');
  await panel.sh('printf "nameserver 10.0.0.53\\n" > /etc/resolv.conf');
});

it('addresses and routes are those that the machine has', async () => {
  const { interfaces, routes } = await panel.api('GET', '/system/interfaces');
  expect(interfaces.find(({ name }: any) => name === 'eth0')).toMatchObject({ state: 'UP', kind: 'veth', addresses: [{ family: 4, address: panel.host.ip }] });
  const gateway = await panel.sh("ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'");
  expect(routes).toContainEqual({ family: 4, to: 'default', via: gateway, dev: 'eth0', source: null, metric: null, protocol: null });
  expect(await text('/system/network')).toContain(gateway);
});

it('swap: a disk that cannot hold it is refused before anything is written', async () => {
  const refused = await panel.api('POST', '/system/swap', { size: 64 }, 501);
  expect(refused.detail).toContain('overlay');
  for (const size of [0, 63, -1, 1.5, 1e9]) await panel.api('POST', '/system/swap', { size }, 422);
  await panel.api('DELETE', '/system/swap', { path: '/nowhere' }, 404);
  await panel.api('DELETE', '/system/swap', { path: '/etc/passwd' }, 404);
  expect(await panel.sh('ls /swapfile* 2>/dev/null || echo none')).toBe('none');
});

it('a restart is planned, shown with its message, cancelled; and one at a time of the clock', async () => {
  const { html } = await panel.planned('/system/power/schedule', { action: 'reboot', when: '+90', message: '新内核 "6.1" & more' });
  expect(html).toContain('shutdown -r -- +90');
  const { planned } = await panel.api('GET', '/system/power');
  expect(planned).toMatchObject({ action: 'reboot', message: '新内核 "6.1" & more' });
  expect(Math.abs(planned.at - Date.now() - 90 * 60_000)).toBeLessThan(120_000);
  expect(await panel.sh('grep MODE /run/systemd/shutdown/scheduled')).toBe('MODE=reboot');
  expect(await text('/system/power')).toContain('Restarts at');
  await panel.planned('/system/power/cancel');
  expect(await panel.api('GET', '/system/power')).toEqual({ planned: null });
  expect((await panel.api('POST', '/system/power', { action: 'shutdown', when: '03:30' })).planned).toMatchObject({ action: 'shutdown', message: '' });
  await panel.api('DELETE', '/system/power', undefined, 204);
  expect(await panel.sh('ls /run/systemd/shutdown/scheduled 2>/dev/null || echo none')).toBe('none');
});

it('every change is in the audit log with its commands', async () => {
  const actions = (await panel.api('GET', '/audit?limit=200')).items.filter(({ action }: any) => /^(system|power)\./.test(action));
  expect(actions.find(({ action }: any) => action === 'system.time_zone').commands).toEqual(['timedatectl set-timezone Asia/Shanghai']);
  expect(actions.find(({ action, result }: any) => action === 'system.clock_sync' && result === 'failed')).toBeDefined();
  expect(new Set(actions.map(({ action }: any) => action))).toEqual(new Set(['system.hostname', 'system.time_zone', 'system.clock_sync', 'system.locale', 'system.dns', 'power.schedule', 'power.cancel']));
});
