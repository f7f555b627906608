import { afterAll, beforeAll, expect } from 'bun:test';
import { debRepository } from '../support/deb-repository.ts';
import { needs } from '../support/needs.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';
import { until } from '../support/until.ts';

/** The panel is stopped, killed and gone in the middle of an installation, on a Debian of its own (support/systemd-host.ts). */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: PanelOnHost;

if (it.ok) {
  beforeAll(async () => {
    panel = await panelOnHost('ufw');
    await debRepository(panel.host);
    await panel.sh('apt-get -qq update');
  });
  afterAll(() => panel?.stop());
}

const state = () => panel.sh(`dpkg-query -W -f '\${Version} \${db:Status-Abbrev}' bun-slow`);
/** Each step has a unit of its own. */
const UNITS = 'mantou-packages-*';
const unit = async () => ((await panel.sh(`systemctl list-units --plain --no-legend --all --state=running '${UNITS}'`)) ? 'active' : 'ended');
const LEFT = '/var/lib/mantou/packages';
const tasks = async () => (await panel.api('GET', '/tasks?limit=50&sort=-createdAt')).items.filter(({ kind }: any) => /^(packages|docker)\./.test(kind));
const exists = async (path: string) => (await panel.host.run('test', '-e', path)).code === 0;

/**
 * Begins to install it and waits until its own script runs. apt knows dpkg's list by its size and its second: one that changes back to as
 * many bytes within the second in which apt looked is taken for the one of before.
 */
async function begun(): Promise<string> {
  await panel.sh('sleep 1.1; rm -f /run/slow-began /run/slow-ends; dpkg --purge bun-slow >/dev/null 2>&1 || true; dpkg -i /srv/repo/pool/bun-slow_1.0_all.deb >/dev/null; apt-mark auto bun-slow >/dev/null');
  const { task } = await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-slow'] }, 202);
  await until(() => exists('/run/slow-began'));
  return task;
}

it('stopped and started again while it goes on: it is followed as a task, and nothing else may begin', async () => {
  const task = await begun();
  expect((await panel.api('GET', '/packages')).busy).toBe(true);
  await panel.sh('systemctl stop mantou');
  expect([await unit(), await state()]).toEqual(['active', '2.0 iF']);
  await panel.sh('systemctl start mantou');
  await panel.back();
  const [second, first] = await tasks();
  expect([first, second].map(({ id, kind, state }: any) => [id === task, kind, state])).toEqual([[true, 'packages.upgrade', 'interrupted'], [false, 'packages.follow', 'running']]);
  const html = await (await panel.get('/system/packages')).text();
  expect(html).toContain(`href="/tasks/${second.id}"`);
  expect(html).not.toContain('An installation was cut off');
  await panel.api('POST', '/packages/upgrade', { which: 'chosen', names: ['bun-slow'] }, 409);
  await panel.sh('touch /run/slow-ends');
  const ended = await panel.ended(second.id);
  // Also what was said before the panel came back.
  expect([ended.state, ended.log]).toEqual(['done', expect.stringContaining('Setting up bun-slow (2.0)')]);
  expect(await state()).toBe('2.0 ii');
  // The command that came after it was run by the panel that took over.
  expect(await panel.sh(`apt-mark showauto bun-slow; dpkg --audit; ls -d ${LEFT} 2>/dev/null || echo gone`)).toBe('bun-slow\ngone');
});

it('killed, and back when it has long ended: what came of it is told', async () => {
  await begun();
  await panel.sh('systemctl mask --runtime mantou; systemctl kill --signal=KILL mantou');
  await until(async () => (await panel.host.run('pgrep', '-x', 'mantou')).code === 1);
  expect(await state()).toBe('2.0 iF');
  await panel.sh('touch /run/slow-ends');
  await until(async () => (await unit()) !== 'active');
  expect(await state()).toBe('2.0 ii');
  await panel.sh('systemctl unmask --runtime mantou; systemctl reset-failed mantou || true; systemctl start mantou');
  await panel.back();
  const [{ id, kind }] = await tasks();
  expect([kind, (await panel.ended(id)).state, await panel.sh('apt-mark showauto bun-slow')]).toEqual(['packages.follow', 'done', 'bun-slow']);
});

it('one that fails while the panel is away is told as failed, with its last lines', async () => {
  await begun();
  await panel.sh('systemctl stop mantou; pkill -KILL -f bun-slow[.]postinst');
  await until(async () => (await unit()) !== 'active');
  await panel.sh('systemctl start mantou');
  await panel.back();
  const [{ id }] = await tasks();
  const ended = await panel.ended(id);
  expect([ended.state, ended.error]).toEqual(['failed', expect.stringContaining('apt-get ended with code 100')]);
  expect(ended.log).toContain('Sub-process /usr/bin/dpkg returned an error code');
  expect((await panel.api('GET', '/packages')).interrupted).toContain('bun-slow');
  expect(await panel.sh(`systemctl list-units --plain --no-legend --all '${UNITS}'; ls -d ${LEFT} 2>/dev/null || echo gone`)).toBe('gone');
});

it('one that was taken over is cancelled with all that it started', async () => {
  await panel.sh('touch /run/slow-ends');
  const { task } = await panel.api('POST', '/packages/repair', undefined, 202);
  expect((await panel.ended(task)).state).toBe('done');
  await begun();
  await panel.sh('systemctl restart mantou');
  await panel.back();
  const [{ id }] = await tasks();
  await panel.api('POST', `/tasks/${id}/cancel`);
  expect((await panel.ended(id)).state).toBe('cancelled');
  await until(async () => (await panel.host.run('pgrep', '-f', 'bun-slow.postinst|apt-get|dpkg')).code === 1);
  expect(await exists(LEFT)).toBe(false);
});

it('what a page installs for itself goes on as well, to its last command', async () => {
  // What the one before left half done is finished first.
  await panel.sh('touch /run/slow-ends');
  expect((await panel.ended((await panel.api('POST', '/packages/repair', undefined, 202)).task)).state).toBe('done');
  await panel.sh('rm -f /run/slow-began /run/slow-ends');
  const first = (await panel.post('/docker/install', {})).headers.get('location')!.split('/').at(-1);
  await until(() => exists('/run/slow-began'));
  await panel.api('POST', '/packages/repair', undefined, 409);
  await panel.sh('systemctl stop mantou');
  const installed = () => panel.sh("dpkg-query -W -f '\${Status} ' docker.io");
  expect([await unit(), await installed()]).toEqual(['active', 'install ok half-configured']);
  await panel.sh('systemctl start mantou');
  await panel.back();
  const [follows, cut] = await tasks();
  expect([cut, follows].map(({ id, kind, state }: any) => [id === first, kind, state])).toEqual([[true, 'docker.install', 'interrupted'], [false, 'packages.follow', 'running']]);
  await panel.sh('touch /run/slow-ends');
  expect((await panel.ended(follows.id)).state).toBe('done');
  // Of two names that the distribution may have for it the one that it has; nothing of it was brought by another; the service runs.
  expect(await panel.sh('dpkg-query -W -f "\\${Package} " docker.io docker-compose; apt-mark showauto docker.io docker-compose; systemctl is-enabled docker; systemctl is-active docker')).toBe('docker-compose docker.io enabled\nactive');
});
