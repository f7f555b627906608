import { afterAll, beforeAll, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { measureUsage } from '../../src/core/docker/usage.ts';
import { previewPrune } from '../../src/core/images/prune.ts';
import { knownSizes, measureVolumes } from '../../src/core/volumes/sizes.ts';
import { createVolume, getVolume, listVolumes, NewVolume, pruneVolumes, removeVolume } from '../../src/core/volumes/volumes.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('docker', 'busybox');
const containers = testContainers('volumes');
const OWN = `mantou-test-volumes-${process.pid}`;
let panel: TestApp;

if (it.ok) {
  beforeAll(() => void (panel = testApp({ docker: engine() })));
  afterAll(async () => {
    await containers.removeAll();
    for (const { name } of await mine()) await panel.app.host.docker.ask({ method: 'DELETE', path: `/volumes/${name}`, query: { force: true } });
    await panel.close();
  });
}

const mine = async () => (await listVolumes(panel.app, SYSTEM)).filter(({ name }) => name.startsWith(OWN));
const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const make = (name: string, more: object = {}) => createVolume(panel.app, SYSTEM, NewVolume.parse({ name: `${OWN}-${name}`, ...more }));

it('made, used, measured and removed; while it is used, by whom is told', async () => {
  const made = await make('a', { labels: { owner: 'tests' } });
  expect(made).toMatchObject({ driver: 'local', labels: { owner: 'tests' }, anonymous: false, usedBy: [] });
  expect(await make('a').catch(words)).toBe(`conflict: There is a volume ${OWN}-a already.`);
  const { id, name } = await containers.run(['sh', '-c', 'dd if=/dev/zero of=/data/x bs=1000 count=300 2>/tmp/n; touch /tmp/ready; sleep 600'], { HostConfig: { Binds: [`${OWN}-a:/data`] } });
  await until(async () => ((await panel.app.host.docker.ask({ path: `/containers/${id}/changes` })) as { Path: string }[] | null)?.some(({ Path }) => Path === '/tmp/ready'));
  expect((await getVolume(panel.app, SYSTEM, made.name)).usedBy).toEqual([{ id, name, running: true }]);
  expect(await removeVolume(panel.app, SYSTEM, made.name).catch(words)).toBe(`conflict: ${OWN}-a is used by ${name}. Remove those containers first.`);
  // Stopped it is still used: it comes back with the container.
  await panel.app.host.docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  expect(await removeVolume(panel.app, SYSTEM, made.name).catch(words)).toStartWith('conflict: ');
  // The engine refuses a second measurement while one runs: ours wait, also for those of other programs.
  const [first, second] = await Promise.all([measureVolumes(panel.app, SYSTEM), measureVolumes(panel.app, SYSTEM), measureUsage(panel.app), measureUsage(panel.app), previewPrune(panel.app, SYSTEM, 'dangling')]);
  expect(second).toBe(first);
  expect(first.get(made.name)).toBe(300_000);
  expect(knownSizes(panel.app)).toEqual({ sizes: first, stale: false });
  panel.clock.advance(60_000);
  expect(knownSizes(panel.app)).toEqual({ sizes: first, stale: true });
  await containers.removeAll();
  await removeVolume(panel.app, SYSTEM, made.name);
  expect(await getVolume(panel.app, SYSTEM, made.name).catch(words)).toStartWith('not_found: ');
});

it('a volume of a container without a name of its own is anonymous, and typed by its first twelve digits', async () => {
  const { id } = await containers.run(['true'], { Volumes: { '/data': {} } });
  const [volume] = (await listVolumes(panel.app, SYSTEM)).filter(({ usedBy }) => usedBy.some((one) => one.id === id));
  expect(volume!.anonymous).toBe(true);
  await panel.app.host.docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
  const removed = await pruneVolumes(panel.app, SYSTEM, [volume!.name.slice(0, 12)]);
  expect(removed).toEqual([{ name: volume!.name, error: null }]);
});

it('pruning takes what was typed and nothing else; one wrong name, and nothing goes', async () => {
  for (const name of ['one', 'two', 'three']) await make(name);
  await containers.run(['true'], { HostConfig: { Binds: [`${OWN}-three:/data`] } });
  const left = async () => (await mine()).map(({ name }) => name.slice(OWN.length + 1));
  for (const typed of [[], ['', ' '], [`${OWN}-one`, `${OWN}-on`], [`${OWN}-one`, `${OWN}-three`], [`${OWN}`], ['*']]) {
    expect(await pruneVolumes(panel.app, SYSTEM, typed).catch(words)).toStartWith('invalid: ');
  }
  expect(await left()).toEqual(['one', 'three', 'two']);
  expect(await pruneVolumes(panel.app, SYSTEM, ['', ` ${OWN}-one `, ''])).toEqual([{ name: `${OWN}-one`, error: null }]);
  expect(await left()).toEqual(['three', 'two']);
});

it('a driver that is not there is told in the words of the engine', async () => {
  expect(await make('plugin', { driver: 'mantou-no-such-driver' }).catch(words)).toMatch(/mantou-no-such-driver/);
  expect(await mine()).not.toContainEqual(expect.objectContaining({ name: `${OWN}-plugin` }));
});
