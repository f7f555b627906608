import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import { registries } from '../../db/schema/registries.ts';
import { tasks } from '../../db/schema/tasks.ts';
import type { DockerCall } from '../../platform/docker.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const login = { host: 'ghcr.io', user: 'lin', password: 'canary-token', note: '' };
const hex = async (name: string) => ((await panel.app.host.docker.ask({ path: `/images/${name}/json` })) as { Id: string }).Id.slice('sha256:'.length);
const ended = async (answer: Response) => {
  await panel.app.tasks.settled(answer.headers.get('location')!.slice('/tasks/'.length));
  return panel.app.db.select().from(tasks).all().at(-1)!;
};

describe('refusals', () => {
  test('S6 S18 an operator neither loads, builds, pushes nor sees who is signed in', async () => {
    start();
    const operator = panel.as('operator');
    const id = await hex('alpine:3.20');
    for (const path of ['/images/load', '/images/build', '/images/registries', '/images/registries/new', `/images/${id}/push`]) expect([path, (await operator.request(path)).status]).toEqual([path, 403]);
    for (const path of ['/images/build', '/images/registries', `/images/${id}/push`]) expect([path, (await operator.request(path, { form: { ...login, reference: 'x/y', tags: 'x', source: 'folder', to: '/' } })).status]).toEqual([path, 403]);
    expect(panel.app.db.select().from(registries).all()).toEqual([]);
  });

  test('S13 a password that is refused is not drawn again, and the form says what the registry says', async () => {
    start();
    const admin = panel.as('admin');
    const answer = await admin.request('/images/registries', { form: { ...login, password: 'wrong' } });
    const text = await answer.text();
    expect([answer.status, text.includes('incorrect username or password'), text.includes('value="ghcr.io"'), text.includes('value="wrong"')]).toEqual([422, true, true, false]);
    expect((await admin.request('/images/registries', { form: { ...login, password: 'wrong', unchecked: 'on' } })).status).toBe(303);
    expect(panel.app.db.select().from(registries).all()).toMatchObject([{ host: 'ghcr.io', checkedAt: null }]);
  });

  test('S18 no call to the engine for what is no name, no path, no repository', async () => {
    start();
    const admin = panel.as('admin');
    const id = await hex('alpine:3.20');
    const asked: string[] = [];
    const { ask, stream } = panel.app.host.docker;
    Object.assign(panel.app.host.docker, { ask: (call: DockerCall) => (call.method && asked.push(call.path), ask(call)), stream: (call: DockerCall) => (asked.push(call.path), stream(call)) });
    for (const reference of ['', '-x', '../x', 'a b', 'x:y:z', 'x@sha256:00', 'A/B']) expect([reference, (await admin.request(`/images/${id}/push`, { form: { reference } })).status]).toEqual([reference, 422]);
    const build = { source: 'folder', to: '/etc', tags: 'x', dockerfile: 'Dockerfile' };
    const wrongs: Record<string, string>[] = [{ tags: '' }, { tags: '-x' }, { dockerfile: '../x' }, { dockerfile: 'a/../../b' }, { args: 'no pair' }, { args: '1A=x' }, { target: 'a b' }, { platform: 'Linux!' }, { to: '' }, { to: 'relative' }, { source: 'ftp' }, { source: 'git', url: 'file:///etc' }, { source: 'git', url: 'https://x.org/a', ref: '--upload-pack=x' }, { source: 'git', url: 'https://x.org/a', folder: '../x' }];
    for (const wrong of wrongs) {
      expect([wrong, (await admin.request('/images/build', { form: { ...build, ...wrong } })).status]).toEqual([wrong, 422]);
    }
    expect([asked, panel.app.tasks.running()]).toEqual([[], 0]);
  });

  test('an archive: nothing chosen, too many', async () => {
    start();
    const admin = panel.as('admin');
    expect((await admin.request('/images/export', { form: {} })).status).toBe(422);
    expect((await admin.request('/images/export', { form: { images: 'no such' } })).status).toBe(422);
    expect((await admin.request('/images/load', { method: 'POST', body: 'x', headers: { origin: 'http://127.0.0.1:8686' } })).status).toBe(422);
    expect((await panel.request('/images/load', { method: 'POST', body: 'x', headers: { origin: 'http://127.0.0.1:8686' } })).status).toBe(303);
  });
});

test('built, pushed and exported; what was done is in the audit log, and no secret of it', async () => {
  start();
  const admin = panel.as('admin');
  await admin.request('/images/registries', { form: login });
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mantou-work-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch');
  const built = await ended(await admin.request('/images/build', { form: { source: 'folder', to: folder, tags: 'acme/a acme/b:2', args: 'A=1\nMY_SECRET=canary-arg' } }));
  rmSync(folder, { recursive: true });
  expect(built).toMatchObject({ kind: 'images.build', state: 'done', params: { reference: 'acme/a:latest', from: folder } });
  const id = await hex('acme/b:2');
  const pushed = await ended(await admin.request(`/images/${id}/push`, { form: { reference: 'ghcr.io/acme/a' } }));
  expect(pushed).toMatchObject({ kind: 'images.push', state: 'done', progress: 1 });
  const denied = await ended(await admin.request(`/images/${id}/push`, { form: { reference: 'ghcr.io/acme/denied' } }));
  expect(denied).toMatchObject({ state: 'failed', error: { en: expect.stringContaining('requested access to the resource is denied') } });
  const tar = await admin.request('/images/export', { form: { images: 'acme/b:2' } });
  expect([tar.status, tar.headers.get('content-disposition')]).toEqual([200, 'attachment; filename=acme-b-2.tar']);
  expect((await admin.request(`/images/named?reference=acme/b:2`)).headers.get('location')).toBe(`/images/${id}`);
  const rows = JSON.stringify(panel.app.db.select().from(audit).all());
  for (const action of ['registries.add', 'images.build', 'images.push', 'images.export']) expect(rows).toContain(action);
  expect(rows + JSON.stringify(panel.app.db.select().from(tasks).all())).not.toContain('canary');
  expect(await Bun.file(panel.app.tasks.logPath(built.id)).text()).not.toContain('canary');
});

test('the pull form says which mirrors are asked first', async () => {
  start();
  expect(await (await panel.as('operator').request('/images/pull')).text()).toContain('Names of Docker Hub are asked of https://mirror.example.org/ first.');
});
