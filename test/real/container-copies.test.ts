import { afterAll, afterEach, beforeEach, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { listContainers } from '../../src/core/containers/containers.ts';
import { commitContainer, CommitInput } from '../../src/core/containers/copies.ts';
import { inspectContainer } from '../../src/core/containers/recreate/inspected.ts';
import { editableContainer, editContainer } from '../../src/core/containers/spec/create.ts';
import { ContainerInput } from '../../src/core/containers/spec/input.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** A container as an image and as a tar, and what a list and a form say of the odd ones, on the real engine. */
const it = needs('docker', 'busybox');
const docker = engine();
const containers = testContainers('copies');
const image = (tag: string) => `mantou-test/copies-${process.pid}:${tag}`;
const LABEL = `mantou-test-copies=${process.pid}`;
const labelled = { Labels: { [LABEL.split('=')[0]!]: String(process.pid) } };
let t: TestApp;

if (it.ok) {
  beforeEach(() => void (t = testApp({ docker })));
  afterEach(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
    await containers.removeAll();
    for (const one of (await docker.ask({ path: '/containers/json', query: { all: true, filters: { name: [containers.prefix] } } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${one.Id}`, query: { force: true } });
  });
  afterAll(async () => {
    // Those that lost their name to the next one, too.
    const left = (await docker.ask({ path: '/images/json', query: { filters: { dangling: ['true'], label: [LABEL] } } })) as { Id: string }[];
    for (const { Id } of left) await docker.ask({ method: 'DELETE', path: `/images/${Id}`, query: { force: true } }).catch(() => {});
    for (const tag of ['one', 'two', 'latest']) await docker.ask({ method: 'DELETE', path: `/images/${encodeURIComponent(image(tag))}`, query: { force: true } }).catch(() => {});
  });
}

const commit = async (id: string, input: Record<string, unknown>) => {
  const task = await commitContainer(t.app, SYSTEM, id, CommitInput.parse(input));
  await t.app.tasks.settled(task);
  return getTask(t.app, SYSTEM, task);
};
interface Image { Id: string; Author: string; Comment: string; Config: { Env: string[]; Cmd: string[] } }
const inspectImage = (tag: string) => docker.ask({ path: `/images/${encodeURIComponent(image(tag))}/json` }) as Promise<Image>;

it('what a container is now becomes an image, under a name that nobody has', async () => {
  const { id } = await containers.run(['sh', '-c', 'echo written > /tmp/note; sleep 600'], { Env: ['OWN=kept'], ...labelled });
  await until(async () => ((await docker.ask({ path: `/containers/${id}/changes` })) as { Path: string }[] | null)?.some(({ Path }) => Path === '/tmp/note'));
  expect(await commit(id, { reference: image('one'), author: 'Lin <lin@example.org>', message: 'before the upgrade', pause: true })).toMatchObject({ state: 'done', error: null });
  const made = await inspectImage('one');
  expect(made).toMatchObject({ Author: 'Lin <lin@example.org>', Comment: 'before the upgrade' });
  expect(made.Config.Env).toContain('OWN=kept');
  // It goes on: it was held for as long as it was copied.
  expect((await inspectContainer(t.app, id)).State).toMatchObject({ Running: true, Paused: false });
  const { id: copy } = await containers.run(['sh', '-c', 'cat /tmp/note; sleep 600'], { Image: image('one') });
  await until(async () => (await docker.stream({ path: `/containers/${copy}/logs`, query: { stdout: true } }).then(async (stream) => {
    let said = '';
    for await (const piece of stream) said += piece.toString();
    return said;
  })).includes('written'));
  await expect(commitContainer(t.app, SYSTEM, id, CommitInput.parse({ reference: image('one') }))).rejects.toMatchObject({ code: 'conflict', field: 'reference' });
  expect(await commit(id, { reference: image('one'), replace: true })).toMatchObject({ state: 'done' });
  expect((await inspectImage('one')).Id).not.toBe(made.Id);
  await expect(commitContainer(t.app, SYSTEM, 'gone', CommitInput.parse({ reference: image('two') }))).rejects.toMatchObject({ code: 'not_found' });
  for (const reference of ['', '-f', 'Two', `a@sha256:${'a'.repeat(64)}`]) expect(CommitInput.safeParse({ reference }).success, reference).toBe(false);
});

it('removed while it was waited for: the task says so, and there is no image', async () => {
  const { id } = await containers.run(['sleep', '600']);
  const slow = testApp({ docker: { ...docker, async ask(call) {
    if (call.path === '/commit') await docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
    return docker.ask(call);
  } } });
  const task = await commitContainer(slow.app, SYSTEM, id, CommitInput.parse({ reference: image('two') }));
  await slow.app.tasks.settled(task);
  expect(getTask(slow.app, SYSTEM, task)).toMatchObject({ state: 'failed', error: { en: expect.stringContaining('No such container') } });
  await slow.close();
  await expect(inspectImage('two')).rejects.toMatchObject({ status: 404 });
});

it('its file system as a tar, for administrators alone, and let go of when nobody reads', async () => {
  const { id, name } = await containers.run(['sh', '-c', 'echo secret > /tmp/note; sleep 600']);
  await until(async () => ((await docker.ask({ path: `/containers/${id}/changes` })) as { Path: string }[] | null)?.some(({ Path }) => Path === '/tmp/note'));
  const admin = t.as('admin', 'lin');
  expect((await t.as('operator').request(`/containers/${id}/export`)).status).toBe(403);
  expect((await admin.request('/containers/gone/export')).status).toBe(404);
  const head = await admin.request(`/containers/${id}/export`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-disposition'), await head.text()]).toEqual([200, expect.stringContaining(`${name}-`), '']);
  const answer = await admin.request(`/containers/${id}/export`);
  expect(answer.headers.get('content-type')).toBe('application/x-tar');
  const tar = Bun.spawn(['tar', '-xOf', '-', 'tmp/note'], { stdin: new Blob([await answer.arrayBuffer()]), stdout: 'pipe' });
  expect(await tar.stdout.text()).toBe('secret\n');
  const over = new AbortController();
  const cut = await admin.request(`/containers/${id}/export`, { signal: over.signal });
  await cut.body!.cancel();
  over.abort();
  expect(t.app.db.$client.query("SELECT count(*) AS n FROM audit WHERE action = 'containers.export'").get()).toEqual({ n: 3 });
});

it('the list counts how often the engine started one again, and knows the name of an image that moved on', async () => {
  const { id } = await containers.run(['false'], { HostConfig: { RestartPolicy: { Name: 'always' } } });
  const found = async (which: string) => (await listContainers(t.app, SYSTEM, { q: containers.prefix }, 4000)).find((one) => one.id === which)!;
  await until(async () => ((await found(id)).restarts ?? 0) >= 2);
  const { id: steady } = await containers.run(['sleep', '600'], labelled);
  expect((await found(steady)).restarts).toBe(0);
  await docker.ask({ method: 'POST', path: '/commit', query: { container: steady, repo: image('latest').split(':')[0]!, tag: 'latest' }, body: {} });
  const { id: old } = await containers.run(['sleep', '600'], { Image: image('latest') });
  await docker.ask({ method: 'POST', path: '/commit', query: { container: steady, repo: image('latest').split(':')[0]!, tag: 'latest', comment: 'another' }, body: {} });
  expect((await found(old)).image).toBe(image('latest'));
});

it('S22 names that no line of the form can say stay when it is edited', async () => {
  const Env = ['1X=odd', 'PLAIN=1', '#x=odd', 'two words=odd'];
  const Labels = { '#x': 'odd', ' spaced': 'odd', plain: '1' };
  const { id, name } = await containers.run(['sleep', '600'], { Env, Labels });
  const { fields, unsaid } = await editableContainer(t.app, SYSTEM, id);
  expect(unsaid).toEqual(expect.arrayContaining(['1X', '#x', 'two words', ' spaced']));
  const input = ContainerInput.parse({ ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')), memory: '64m' });
  const task = await editContainer(t.app, SYSTEM, id, input);
  await t.app.tasks.settled(task);
  expect(getTask(t.app, SYSTEM, task)).toMatchObject({ state: 'done', error: null });
  const after = await inspectContainer(t.app, name);
  expect(after.Id).not.toBe(id);
  expect(after.Config.Env!.filter((line) => !line.startsWith('PATH='))).toEqual(Env);
  expect(after.Config.Labels).toMatchObject(Labels);
  expect(after.HostConfig['Memory']).toBe(64 << 20);
});
