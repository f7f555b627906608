import { afterAll, beforeAll, expect } from 'bun:test';
import { eq } from 'drizzle-orm';
import type { Actor } from '../../src/core/app.ts';
import { exportImage, getImage, listImages, removeImage, tagImage } from '../../src/core/images/images.ts';
import { previewPrune, startPrune } from '../../src/core/images/prune.ts';
import { startPull } from '../../src/core/images/pull.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { AppError } from '../../src/lib/errors.ts';
import { en } from '../../src/i18n/en.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';

/** On the engine of this machine, which others use too: only what was made here is touched. */
const it = needs('docker', 'busybox', 'registry');
const containers = testContainers('images');
const OWN = `mantou-test-images-${process.pid}`;
let panel: TestApp;
let registry: TestRegistry;
const actor: Actor = { kind: 'user', userId: 'u', name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' };

if (it.ok) {
  beforeAll(async () => {
    panel = testApp({ docker: engine() });
    // Tasks are of somebody.
    Object.assign(actor, { userId: panel.as('admin', 'lin').userId });
    registry = await testRegistry();
    await busyboxImage();
  });
  afterAll(async () => {
    await containers.removeAll();
    const mine = (await listImages(panel.app, actor)).filter(({ reference }) => reference?.includes(OWN));
    for (const { reference } of mine) await removeImage(panel.app, actor, reference!, { force: true }).catch(() => {});
    await registry.stop();
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
}

const row = (id: string) => panel.app.db.select().from(tasks).where(eq(tasks.id, id)).get()!;
const log = (id: string) => Bun.file(panel.app.tasks.logPath(id)).text();
const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const named = async (reference: string) => (await listImages(panel.app, actor)).filter((one) => one.reference === reference);

it('pulls: progress goes up over all layers, the log has a line for each thing a layer does', async () => {
  const reference = `${registry.host}/${OWN}/pulled:1`;
  await registry.offer(`${OWN}/pulled:1`, [400_000, 900_000]);
  expect(await named(reference)).toEqual([]);
  const slow = registry.slowly();
  const id = startPull(panel.app, actor, { reference: `${slow.host}/${OWN}/pulled:1` });
  expect(() => startPull(panel.app, actor, { reference: `${slow.host}/${OWN}/pulled:1` })).toThrow(AppError);
  const seen: number[] = [];
  const off = panel.app.bus.on('tasks.changed', (changed) => {
    const { progress } = row(id);
    if (changed.id === id && progress !== null) seen.push(progress);
  });
  await until(() => row(id).state !== 'running');
  off();
  expect([row(id).state, row(id).error]).toEqual(['done', null]);
  // How often the engine tells is its own matter.
  expect(new Set(seen.filter((progress) => progress > 0 && progress < 1)).size).toBeGreaterThan(1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  const text = await log(id);
  expect(text.match(/: Downloading$/gm)?.length).toBeLessThanOrEqual(2);
  expect(text.match(/: Pull complete$/gm)?.length).toBe(2);
  expect(text).toMatch(/^Status: Downloaded newer image for /m);
  const [image] = await named(`${slow.host}/${OWN}/pulled:1`);
  expect(image).toMatchObject({ repository: `${slow.host}/${OWN}/pulled`, tag: '1', size: 1_300_000, usedBy: [] });
  const whole = await getImage(panel.app, actor, image!.id);
  expect(whole).toMatchObject({ command: ['/layer0'], layers: 2, os: 'linux' });
  expect(whole.history.map(({ size }) => size)).toEqual([0, 900_000, 400_000]);
  expect(whole.history[0]!.command).toBe('CMD ["/layer0"]');
  await slow.stop();
});

it('a tag that is missing, and a registry that is not there, fail the task in the words of the engine', async () => {
  const missing = startPull(panel.app, actor, { reference: `${registry.host}/${OWN}/pulled:nope` });
  const away = startPull(panel.app, actor, { reference: `127.0.0.1:9/${OWN}/a` });
  await Promise.all([missing, away].map((id) => panel.app.tasks.settled(id)));
  expect([row(missing).state, row(away).state]).toEqual(['failed', 'failed']);
  expect(row(missing).error?.en).toMatch(/^The container engine refused: .*manifest.*(unknown|not found)/);
  expect(row(away).error?.en).toMatch(/^The container engine refused: .*connection refused/);
  expect(await log(away)).toContain('connection refused');
});

it('a pull that is cancelled ends in the engine, not only in the panel', async () => {
  await registry.offer(`${OWN}/large:1`, [6_000_000]);
  const slow = registry.slowly();
  const reference = `${slow.host}/${OWN}/large:1`;
  const id = startPull(panel.app, actor, { reference });
  await until(() => slow.open() === 1);
  panel.app.tasks.cancel(id);
  await panel.app.tasks.settled(id);
  expect(row(id).state).toBe('cancelled');
  // Nobody downloads any longer, and it was not the end of the download that ended it.
  await until(() => slow.open() === 0);
  expect(await named(reference)).toEqual([]);
  await slow.stop();
});

it('a name more, a name less; what a container uses stays, and who uses it is told', async () => {
  const name = `${OWN}/used`;
  const id = await registry.build(`${name}:1`, [1000]);
  expect(await tagImage(panel.app, actor, id, { reference: name })).toBe(`${name}:latest`);
  expect((await getImage(panel.app, actor, id)).references.toSorted()).toEqual([`${name}:1`, `${name}:latest`]);
  expect(await removeImage(panel.app, actor, `${name}:latest`)).toEqual({ untagged: [`${name}:latest`], deleted: [] });
  const { Id } = (await panel.app.host.docker.ask({ method: 'POST', path: '/containers/create', query: { name: `${containers.prefix}-user` }, body: { Image: `${name}:1`, Cmd: ['/layer0'] } })) as { Id: string };
  try {
    expect((await named(`${name}:1`))[0]!.usedBy).toEqual([{ id: Id, name: `${containers.prefix}-user`, running: false }]);
    expect(await removeImage(panel.app, actor, `${name}:1`).catch(words)).toMatch(/^conflict: The container engine refused: conflict: unable to remove repository reference .* \(must force\)/);
    expect(await named(`${name}:1`)).toHaveLength(1);
  } finally {
    await panel.app.host.docker.ask({ method: 'DELETE', path: `/containers/${Id}` });
  }
  const { untagged, deleted } = await removeImage(panel.app, actor, `${name}:1`);
  expect(untagged).toEqual([`${name}:1`]);
  expect(deleted).toContain(id);
  expect(await getImage(panel.app, actor, id).catch(words)).toStartWith('not_found: ');
});

it('an image of a container that runs cannot be removed even by force', async () => {
  const { name } = await containers.run(['sleep', '600']);
  const image = await busyboxImage();
  expect((await named(image))[0]!.usedBy).toContainEqual(expect.objectContaining({ name, running: true }));
  const { id } = await getImage(panel.app, actor, image);
  expect(await removeImage(panel.app, actor, id, { force: true }).catch(words)).toMatch(/^conflict: .*cannot be forced/);
});

it('pruning removes exactly what was shown: not what came after, not what is used or named anew', async () => {
  const name = `${OWN}/prune`;
  // Each build takes the name from the one before: three without a name, and one with it.
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push(await registry.build(`${name}:1`, [50_000 + i]));
  const preview = await previewPrune(panel.app, actor, 'dangling');
  const mine = preview.images.filter(({ id }) => ids.includes(id));
  expect(mine.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 3).toSorted());
  expect(preview.atLeast).toBeGreaterThanOrEqual(150_000);
  // After the look: one gets a name, one a container.
  await tagImage(panel.app, actor, ids[0]!, { reference: `${OWN}/saved:1` });
  const { Id } = (await panel.app.host.docker.ask({ method: 'POST', path: '/containers/create', body: { Image: ids[1], Cmd: ['/layer0'] } })) as { Id: string };
  // What others do on this engine meanwhile is theirs: what we ask of it is looked at.
  const removed: string[] = [];
  const { ask } = panel.app.host.docker;
  panel.app.host.docker.ask = (call) => (call.method === 'DELETE' && removed.push(call.path), ask(call));
  const task = startPrune(panel.app, actor, { keys: [...mine.map(({ key }) => key), 'no/such:1 sha256:0'] });
  await panel.app.tasks.settled(task);
  panel.app.host.docker.ask = ask;
  expect(removed).toEqual([`/images/${ids[2]}`]);
  expect(row(task)).toMatchObject({ state: 'done', progress: 1 });
  expect(await log(task)).toMatch(/removed: 1, failed: 0, freed: \d+ bytes/);
  const after = new Set((await listImages(panel.app, actor)).map(({ id }) => id));
  expect(ids.map((id) => after.has(id))).toEqual([true, true, false, true]);
  await panel.app.host.docker.ask({ method: 'DELETE', path: `/containers/${Id}` });
  await removeImage(panel.app, actor, ids[1]!);
});

it('an export is what docker load takes', async () => {
  const reference = `${OWN}/export:1`;
  const id = await registry.build(reference, [20_000]);
  const { name, body } = await exportImage(panel.app, actor, reference);
  expect(name).toBe(`${OWN}-export-1.tar`);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  await removeImage(panel.app, actor, reference);
  const load = Bun.spawn(['docker', 'load', '-q'], { stdin: Buffer.concat(pieces), stdout: 'pipe' });
  expect(await load.stdout.text()).toContain(reference);
  expect((await named(reference))[0]!.id).toBe(id);
});
