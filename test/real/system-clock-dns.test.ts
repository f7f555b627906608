import { afterAll, beforeAll, expect } from 'bun:test';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';
import { until } from '../support/until.ts';

/** A machine whose clock chrony keeps, and whose names systemd-resolved finds (support/systemd-host.ts). */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: PanelOnHost;

/**
 * A container may not set the clock: chrony measures (-x) and is kept by nothing from starting. Its server is another one, which says
 * that its own clock is right. Names are answered by a server that knows one address.
 */
const SETUP = `
set -eu
mkdir -p /etc/systemd/system/chrony.service.d
printf '[Unit]\\nConditionCapability=\\n[Service]\\nExecStart=\\nExecStart=/usr/sbin/chronyd -U -x -d -F 0\\nType=simple\\nPIDFile=\\n' > /etc/systemd/system/chrony.service.d/container.conf
printf 'server 127.0.0.1 port 11123 iburst minpoll 0 maxpoll 0\\ndriftfile /var/lib/chrony/drift\\n' > /etc/chrony/chrony.conf
printf 'local stratum 5\\nport 11123\\nallow 127.0.0.1\\ncmdport 0\\nbindcmdaddress /\\npidfile /run/clock.pid\\n' > /etc/clock.conf
systemctl daemon-reload
systemctl disable --now chrony
systemd-run --quiet --unit=clock /usr/sbin/chronyd -x -d -F 0 -f /etc/clock.conf
cat > /root/names.py <<'PY'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.2', 53))
while True:
    q, who = s.recvfrom(512)
    end = q.index(b'\\0', 12) + 5
    a = q[end - 4:end - 2] == b'\\0\\1'
    s.sendto(q[:2] + b'\\x81\\x80\\0\\1' + (b'\\0\\1' if a else b'\\0\\0') + b'\\0\\0\\0\\0' + q[12:end] + (b'\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\1\\0\\4\\x0a\\x09\\x08\\x07' if a else b''), who)
PY
systemd-run --quiet --unit=names python3 /root/names.py
umount /etc/resolv.conf
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
systemctl restart systemd-resolved
`;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('relative');
    await panel.sh(SETUP);
  });
  afterAll(() => panel?.stop());
}

const sync = async () => (await panel.api('GET', '/system/time')).sync;
const text = async (path: string) => (await panel.get(path)).text();

it('chrony off: what could keep the clock is named, and nothing is said to be right', async () => {
  expect(await sync()).toMatchObject({ service: 'chrony', on: false, synchronized: false, offset: null, server: null, can: true });
});

it('turned on: it starts now and with the machine; the server and how far the clock is off are told', async () => {
  const { html } = await panel.planned('/system/clock-sync', { to: 'on' });
  expect(html).toContain('timedatectl set-ntp true');
  expect(await panel.sh('systemctl is-active chrony; systemctl is-enabled chrony')).toBe('active\nenabled');
  await until(async () => (await sync()).synchronized);
  const told = await sync();
  expect(told).toMatchObject({ service: 'chrony', on: true, synchronized: true, server: '127.0.0.1', can: true });
  // Two programs with one clock.
  expect(Math.abs(told.offset)).toBeLessThan(50);
  expect(await text('/system')).toContain('127.0.0.1');
});

it('a server that is gone: it does not go on being called right for ever', async () => {
  await panel.sh('systemctl stop clock; systemctl restart chrony');
  await until(async () => (await sync()).on);
  expect(await sync()).toMatchObject({ service: 'chrony', on: true, synchronized: false, server: null });
});

it('turned off: it stops, now and with the machine', async () => {
  expect(await panel.api('PATCH', '/system/time', { sync: false })).toMatchObject({ sync: { service: 'chrony', on: false, synchronized: false } });
  expect((await panel.host.run('systemctl', 'is-active', 'chrony')).out.trim()).toBe('inactive');
  expect((await panel.host.run('systemctl', 'is-enabled', 'chrony')).out.trim()).toBe('disabled');
});

it('DNS of systemd-resolved: its own settings are written beside those of others, and names are found by the new server', async () => {
  await panel.sh('mkdir -p /etc/systemd/resolved.conf.d; printf "[Resolve]\\nDNS=10.255.255.1\\nDomains=old.example\\nLLMNR=no\\n" > /etc/systemd/resolved.conf.d/10-mine.conf; systemctl restart systemd-resolved');
  expect(await panel.api('GET', '/system/dns')).toMatchObject({ owner: 'systemd-resolved', servers: ['10.255.255.1'], search: ['old.example'] });
  expect((await panel.host.run('timeout', '15', 'resolvectl', 'query', 'mantou.example.org')).code).not.toBe(0);
  const { html } = await panel.planned('/system/dns', { servers: '127.0.0.2\r\n2620:fe::fe', search: 'new.example' });
  for (const shown of ['systemctl restart systemd-resolved', '/etc/systemd/resolved.conf.d/50-mantou.conf']) expect(html).toContain(shown);
  expect(await panel.sh('resolvectl dns | head -1; resolvectl domain | head -1')).toBe('Global: 127.0.0.2 2620:fe::fe\nGlobal: new.example');
  expect(await panel.api('GET', '/system/dns')).toMatchObject({ owner: 'systemd-resolved', servers: ['127.0.0.2', '2620:fe::fe'], search: ['new.example'] });
  expect(await panel.sh('resolvectl query --legend=no -4 mantou.example.org; getent ahostsv4 bamboo | head -1')).toMatch(/10\.9\.8\.7[\s\S]*10\.9\.8\.7/);
  // It stays one that systemd-resolved writes.
  expect(await panel.sh('readlink /etc/resolv.conf; cat /etc/systemd/resolved.conf.d/10-mine.conf')).toContain('stub-resolv.conf\n[Resolve]\nDNS=10.255.255.1');
});

it('and put back: what was there before is there again', async () => {
  await panel.api('PUT', '/system/dns', { servers: ['10.255.255.1'], search: ['old.example'] });
  expect(await panel.sh('resolvectl dns | head -1; resolvectl domain | head -1')).toBe('Global: 10.255.255.1\nGlobal: old.example');
  const actions = (await panel.api('GET', '/audit?limit=50')).items.filter(({ action }: any) => action === 'system.dns');
  expect(actions.map(({ commands, result }: any) => [result, commands])).toEqual(Array(2).fill(['ok', ['systemctl restart systemd-resolved', 'write /etc/systemd/resolved.conf.d/50-mantou.conf']]));
});
