import { afterAll, beforeAll, expect } from 'bun:test';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';
import { rpmRepository } from '../support/rpm-repository.ts';
import { until } from '../support/until.ts';

/** Updates by a real dnf, on a machine of its own (support/systemd-host.ts), from a package source of its own. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: PanelOnHost;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('relative');
    await rpmRepository(panel.host);
  });
  afterAll(() => panel?.stop());
}

const version = (name: string) => panel.sh(`rpm -q --qf '%{VERSION}' ${name}`);
const list = () => panel.api('GET', '/packages');
const run = async (path: string, body?: object) => panel.ended((await panel.api('POST', `/packages/${path}`, body, 202)).task);
const ROW = (name: string, from: string, to: string, security = false, stays: string | null = null) => [name, from, to, security, stays];
const rows = async () => (await list()).updates.map(({ name, from, to, security, stays }: any) => [name, from, to, security, stays]);

it('lists are fetched as a task; what is newer is listed, security first, with epochs', async () => {
  const refreshed = await run('refresh');
  expect([refreshed.state, refreshed.log]).toEqual(['done', expect.stringContaining('$ dnf -y --setopt=skip_if_unavailable=False makecache --refresh')]);
  expect(await rows()).toEqual([
    ROW('bun-epoch', '1:1.0-1', '2:1.5-1', true), ROW('bun-safe', '1.0-1', '2.0-1', true),
    ...['dep', 'fail', 'held', 'plain', 'slow'].map((name) => ROW(`bun-${name}`, '1.0-1', '2.0-1')),
  ]);
  const { updates, refreshedAt, busy, interrupted, held, automatic } = await list();
  expect(updates[0]).toMatchObject({ arch: 'noarch', origin: 'stable' });
  expect(Math.abs(Date.now() - refreshedAt)).toBeLessThan(120_000);
  expect([busy, interrupted, held, automatic.installed]).toEqual([false, null, [], false]);
  expect(await (await panel.get('/system/packages')).text()).toContain('2 for security');
});

it('S1 refused: names that are none, and what has nothing newer', async () => {
  for (const name of ['--installroot=/x', 'bun-plain;reboot', '../x', 'a b', 'x\ny', '']) await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: [name] }, 422);
  for (const name of ['bun-shell', 'nothing-like-it']) await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: [name] }, 409);
});

it('what is new is told by the advisory; without one by the package itself, where the lists have it', async () => {
  expect((await panel.api('GET', '/packages/bun-safe/changelog')).text).toContain('A hole in bun-safe is closed.');
  expect((await panel.api('GET', '/packages/bun-dep/changelog')).text).toBeNull();
  // Fetches them; the panel does not by itself.
  await panel.sh('dnf -q repoquery --changelogs bun-dep');
  expect((await panel.api('GET', '/packages/bun-dep/changelog')).text).toContain('What is new in 2.0 of bun-dep.');
});

it('what is held is still listed, and not installed with the others; without the plugin dnf’s own words say what is missing', async () => {
  await panel.planned('/system/packages/bun-held/hold');
  expect(await panel.sh('dnf -q versionlock list')).toBe('bun-held-0:1.0-1.*');
  expect(await list()).toMatchObject({ held: ['bun-held'] });
  expect((await rows()).filter(([name]: any) => name === 'bun-held')).toEqual([ROW('bun-held', '1.0-1', '2.0-1', false, 'held')]);
  await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-held'] }, 409);
  await panel.api('POST', '/packages/bun-held/hold', { held: false }, 204);
  expect((await list()).held).toEqual([]);
  await panel.sh('mv /usr/lib/python3/dist-packages/dnf-plugins/versionlock.py /root/');
  const refused = await panel.api('POST', '/packages/bun-held/hold', { held: true }, 503);
  expect(refused.output).toContain("dnf install 'dnf-command(versionlock)'");
  expect((await rows()).length).toBe(7);
  await panel.sh('mv /root/versionlock.py /usr/lib/python3/dist-packages/dnf-plugins/');
  await panel.api('POST', '/packages/bun-held/hold', { held: true }, 204);
});

it('security only: two packages, and a transaction that fails ends with what its script said', async () => {
  const { html, to } = await panel.planned('/system/packages/upgrade', { which: 'security' });
  expect(html).toContain('dnf -y upgrade --security');
  const task = await panel.ended(to.split('/').at(-1)!);
  expect([task.state, await version('bun-safe'), await version('bun-epoch'), await version('bun-plain')]).toEqual(['done', '2.0', '1.5', '1.0']);
  const failed = await run('upgrade', { which: 'chosen', names: ['bun-fail'] });
  expect([failed.state, failed.error, await version('bun-fail')]).toEqual(['failed', expect.stringContaining('the script of bun-fail refuses'), '1.0']);
  expect(failed.error).toContain('dnf ended with code 1');
});

it('busy while dnf installs; cancelled with all that it started, and finished by the repair', async () => {
  const { task } = await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-slow'] }, 202);
  await until(async () => (await panel.host.run('test', '-e', '/run/slow-began')).code === 0);
  expect((await list()).busy).toBe(true);
  await panel.api('POST', `/tasks/${task}/cancel`);
  expect([(await panel.ended(task)).state, (await panel.host.run('pgrep', '-f', '/usr/bin/dnf|rpm-tmp')).code]).toEqual(['cancelled', 1]);
  expect((await list()).busy).toBe(false);
  await panel.sh('touch /run/slow-ends');
  // It brings everything to what the sources have, and one that refuses makes the whole fail.
  await panel.sh('touch /run/no-fail');
  const repaired = await run('repair');
  expect([repaired.state, repaired.error, await version('bun-slow'), await version('bun-fail')]).toEqual(['done', null, '2.0', '2.0']);
});

it('all: with what they bring, without what is held', async () => {
  expect(await panel.sh('rpm -q bun-new || true')).toBe('bun-new-1.0-1.noarch');
  await panel.sh('rpm --force-debian -U --oldpackage --nodeps /srv/rpm/stable/bun-plain-1.0-1.noarch.rpm /srv/rpm/stable/bun-dep-1.0-1.noarch.rpm; rpm --force-debian -e bun-new');
  const task = await run('upgrade', { which: 'all' });
  expect([task.state, await version('bun-plain'), await version('bun-dep'), await version('bun-new'), await version('bun-held')]).toEqual(['done', '2.0', '2.0', '1.0', '1.0']);
  await panel.api('POST', '/packages/upgrade', { which: 'all' }, 409);
});

it('a panel that is stopped in the middle does not end it', async () => {
  await panel.sh('rm -f /run/slow-*; rpm --force-debian -U --oldpackage /srv/rpm/stable/bun-slow-1.0-1.noarch.rpm');
  await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-slow'] }, 202);
  await until(async () => (await panel.host.run('test', '-e', '/run/slow-began')).code === 0);
  await panel.sh('systemctl restart mantou; touch /run/slow-ends');
  await panel.back();
  const [{ id, kind }] = (await panel.api('GET', '/tasks?limit=1&sort=-createdAt')).items;
  expect([kind, (await panel.ended(id)).state, await version('bun-slow')]).toEqual(['packages.follow', 'done', '2.0']);
});

it('a source that does not answer is a failure in dnf’s own words', async () => {
  await panel.sh('mv /srv/rpm/stable /srv/rpm/away');
  const task = await run('refresh');
  expect([task.state, task.error]).toEqual(['failed', expect.stringContaining("repo 'stable'")]);
});
