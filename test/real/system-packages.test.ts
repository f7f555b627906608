import { afterAll, beforeAll, expect } from 'bun:test';
import { debRepository } from '../support/deb-repository.ts';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';
import { until } from '../support/until.ts';

/** Updates on a Debian of its own (support/systemd-host.ts), from a package source of its own. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: PanelOnHost;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('ufw');
    await debRepository(panel.host);
  });
  afterAll(() => panel?.stop());
}

const version = (name: string) => panel.sh(`dpkg-query -W -f '\${Version}' ${name}`);
const list = () => panel.api('GET', '/packages');
const run = async (path: string, body?: object) => panel.ended((await panel.api('POST', `/packages/${path}`, body, 202)).task);

it('lists are fetched as a task; what is newer is listed, security first, with what is held and what comes with it', async () => {
  expect(await list()).toMatchObject({ updates: [], held: ['bun-held'], interrupted: null, busy: false, automatic: { installed: false, on: false } });
  const task = await run('refresh');
  expect([task.state, task.log]).toEqual(['done', expect.stringContaining('$ DEBIAN_FRONTEND=noninteractive')]);
  const { updates, fresh, refreshedAt } = await list();
  expect(updates.map(({ name, from, to, security, stays }: any) => [name, from, to, security, stays])).toEqual([
    ['bun-kernel', '1.0', '1.1', true, null], ['bun-auto', '1.0', '2.0', false, null], ['bun-dep', '1.0', '2.0', false, null], ['bun-held', '1.0', '2.0', false, 'held'], ['bun-plain', '1.0', '2.0', false, null],
  ]);
  expect(updates.every(({ size }: any) => size > 500)).toBe(true);
  expect(fresh).toEqual(['bun-new']);
  expect(Math.abs(Date.now() - refreshedAt)).toBeLessThan(600_000);
});

it('S1 refused: names that are none, what is held, what has nothing newer', async () => {
  for (const name of ['-o=Debug::x=1', 'bun-plain;reboot', '../x', 'a b', 'x\ny', '']) await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: [name] }, 422);
  for (const name of ['bun-held', 'bash', 'nothing-like-it']) await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: [name] }, 409);
  await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: [] }, 409);
});

it('security only: one package, and the restart that it asks for is told', async () => {
  const { html, to } = await panel.planned('/system/packages/upgrade', { which: 'security' });
  expect(html).toContain('--only-upgrade install bun-kernel');
  const task = await panel.ended(to.split('/').at(-1)!);
  expect([task.state, await version('bun-kernel'), await version('bun-plain')]).toEqual(['done', '1.1', '1.0']);
  expect(task.log).toContain('Setting up bun-kernel (1.1)');
  expect((await panel.sh('cat /run/reboot-required.pkgs'))).toBe('bun-kernel');
});

it('a chosen one that another brought stays one that another brought; a file that was changed stays as it is', async () => {
  await panel.sh('echo setting=mine > /etc/bun-plain.conf');
  const task = await run('upgrade', { which: 'chosen', names: ['bun-auto', 'bun-plain'] });
  expect([task.state, await version('bun-auto'), await version('bun-plain'), await version('bun-dep')]).toEqual(['done', '2.0', '2.0', '1.0']);
  expect(await panel.sh('apt-mark showauto bun-auto bun-plain')).toBe('bun-auto');
  expect(await panel.sh('cat /etc/bun-plain.conf')).toBe('setting=mine');
});

it('while somebody else holds the lock the task waits, and the page says so', async () => {
  // As dpkg takes it: fcntl, which flock(1) does not.
  await panel.sh(`systemd-run --quiet --unit=holder python3 -c 'import fcntl,time
f=open("/var/lib/dpkg/lock-frontend","w"); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(600)'`);
  await until(async () => (await list()).busy);
  expect(await (await panel.get('/system/packages')).text()).toContain('Somebody else is installing');
  const { task } = await panel.api('POST', '/packages/upgrade', { which: 'all' }, 202);
  await panel.api('POST', '/packages/refresh', undefined, 409);
  const log = async () => (await panel.get(`/tasks/${task}/log`)).text();
  await until(async () => (await log()).includes('Waiting for cache lock'));
  expect(await version('bun-dep')).toBe('1.0');
  await panel.sh('systemctl stop holder');
  expect((await panel.ended(task)).state).toBe('done');
  expect([await version('bun-dep'), await version('bun-new'), await version('bun-held')]).toEqual(['2.0', '1.0', '1.0']);
});

it('a hold is let go and taken again', async () => {
  await panel.planned('/system/packages/bun-held/unhold');
  expect(await list()).toMatchObject({ held: [], updates: [{ name: 'bun-held', stays: null }] });
  await panel.api('POST', '/packages/bun-held/hold', { held: true }, 204);
  expect(await panel.sh('apt-mark showhold')).toBe('bun-held');
});

it('an installation that hangs is ended with all that it started, told as cut off, and finished', async () => {
  await panel.sh('dpkg --unpack /srv/repo/pool/bun-hang_1.0_all.deb >/dev/null 2>&1; dpkg --configure bun-hang >/dev/null');
  const { task } = await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-hang'] }, 202);
  await until(async () => (await panel.host.run('pgrep', '-f', 'sleep 4321')).code === 0);
  await panel.api('POST', `/tasks/${task}/cancel`);
  expect((await panel.ended(task)).state).toBe('cancelled');
  await until(async () => (await panel.host.run('pgrep', '-f', 'sleep 4321|apt-get|dpkg')).code === 1);
  expect((await list()).interrupted).toContain('bun-hang');
  expect(await (await panel.get('/system/packages')).text()).toContain('An installation was cut off');
  await panel.api('POST', '/packages/upgrade', { which: 'all' }, 409);
  await panel.sh('touch /run/no-hang');
  const repaired = await run('repair');
  expect([repaired.state, await panel.sh('dpkg --audit'), await version('bun-hang')]).toEqual(['done', '', '2.0']);
  expect((await list()).interrupted).toBeNull();
});

it('updates by themselves: what does it is installed, its settings are shown before they are written, and off is off', async () => {
  const { html, to } = await panel.planned('/system/packages/automatic', { to: 'on' });
  expect(html).toContain('install unattended-upgrades');
  expect(html).toContain('APT::Periodic::Unattended-Upgrade &quot;1&quot;;');
  expect((await panel.ended(to.split('/').at(-1)!)).state).toBe('done');
  expect(await list()).toMatchObject({ automatic: { installed: true, on: true } });
  expect(await panel.sh('apt-config dump APT::Periodic::Unattended-Upgrade')).toContain('"1"');
  await run('automatic', { on: false });
  expect(await list()).toMatchObject({ automatic: { installed: true, on: false } });
  expect(await panel.sh('cat /etc/apt/apt.conf.d/20auto-upgrades')).toBe('APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "0";');
});

it('a source that does not answer is a failure in apt’s own words, in English also on a Chinese machine', async () => {
  await panel.sh('echo LANG=zh_CN.UTF-8 > /etc/default/locale; systemctl stop repository');
  const task = await run('refresh');
  expect([task.state, task.log]).toEqual(['failed', expect.stringContaining('Connection refused')]);
});
