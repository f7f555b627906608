import { afterEach, beforeEach, expect, test } from 'bun:test';
import { ORIGIN, testApp, type Browser, type TestApp } from '../../../../test/support/app.ts';
import { listAudit } from '../../../../test/support/audit.ts';

let t: TestApp;
let admin: Browser;
const GITEA = '/containers/gitea/files';
const OLD = '/containers/old-exporter/files';

beforeEach(() => {
  t = testApp();
  admin = t.as('admin', 'lin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const get = async (path: string) => {
  const answer = await admin.request(path);
  return { status: answer.status, text: await answer.text() };
};
const post = async (path: string, form: Record<string, string>) => {
  const answer = await admin.request(path, { method: 'POST', form });
  return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
};
const put = (path: string, body: string, headers: Record<string, string> = { 'content-length': String(Buffer.byteLength(body)) }) => admin.request(path, { method: 'PUT', body, headers: { origin: ORIGIN, ...headers } });

test('refusals: other people, paths that lead up, what is not there, what is no file', async () => {
  expect((await t.as('operator').request(GITEA)).status).toBe(403);
  expect((await get(`${GITEA}?path=/etc/../root`)).status).toBe(422);
  expect((await get(`${GITEA}?path=etc`)).status).toBe(422);
  expect(await get(`${GITEA}?path=/nowhere`)).toMatchObject({ status: 404, text: expect.stringContaining('no such folder') });
  expect((await get('/containers/nobody/files')).status).toBe(404);
  expect((await get(`${GITEA}/download?path=/etc`)).status).toBe(422);
  expect((await get(`${GITEA}/edit?path=/nowhere`)).status).toBe(404);
  expect((await put(`${GITEA}/content?folder=/app&name=new`, 'x', {})).status).toBe(422);
  expect((await put(`${GITEA}/content?folder=/app&name=..`, 'x')).status).toBe(422);
  expect((await put(`${GITEA}/content?folder=/proc&name=x`, 'x')).status).toBe(404);
  expect(await (await put(`${GITEA}/content?folder=/etc&name=hosts`, 'x')).json()).toMatchObject({ error: expect.stringContaining('engine writes this file') });
  expect((await post(`${GITEA}/delete`, { path: '/' })).status).toBe(422);
  expect(await post(`${GITEA}/delete`, { path: '/data' })).toMatchObject({ status: 422, text: expect.stringContaining('/data is mounted from elsewhere') });
  expect(await post(`${GITEA}/rename?path=/etc`, { name: 'x' })).toMatchObject({ status: 422, text: expect.stringContaining('is mounted from elsewhere') });
});

test('a folder of one that runs: sorted, filtered, changed', async () => {
  const root = await get(GITEA);
  expect([...new Set([...root.text.matchAll(/files\?path=(\/\w+)"/g)].map(([, path]) => path))]).toEqual(['/app', '/data', '/etc', '/tmp', '/usr']);
  expect([...(await get(`${GITEA}?path=/app&sort=-size`)).text.matchAll(/<bdi title="([^"]+)"/g)].map(([, name]) => name)).toEqual(['server.js', 'package.json', '.env.example']);
  expect((await get(`${GITEA}?path=/app&filter=PACK`)).text).toContain('1 of 3 items');
  expect(await post(`${GITEA}/folder?path=/app`, { name: 'new' })).toMatchObject({ status: 303, to: expect.stringMatching(/\/files\?path=\/app$/) });
  expect(await post(`${GITEA}/folder?path=/app`, { name: 'new' })).toMatchObject({ status: 422, text: expect.stringContaining('There is a new already.') });
  expect(await post(`${GITEA}/folder?path=/app`, { name: 'a/b' })).toMatchObject({ status: 422 });
  expect((await post(`${GITEA}/rename?path=/app/new`, { name: 'server.js' })).text).toContain('There is a server.js already.');
  expect((await post(`${GITEA}/rename?path=/app/new`, { name: 'old' })).status).toBe(303);
  expect((await get(`${GITEA}/delete?path=/app/old&path=/app/.env.example`)).text).toContain('Delete these 2 for good?');
  expect((await post(`${GITEA}/delete`, { path: '/app/old' })).status).toBe(303);
  expect((await get(`${GITEA}?path=/app`)).text).not.toContain('path=/app/old"');
});

test('one that does not run is listed from its archive, and nothing of it is renamed or deleted', async () => {
  const { text } = await get(`${OLD}?path=/app`);
  expect(text).toContain('The container does not run');
  expect(text).toContain('server.js');
  expect(text).not.toContain('/files/delete?');
  expect((await get(`${OLD}/delete?path=/app/server.js`)).text).toContain('Start it first');
  expect(await post(`${OLD}/delete`, { path: '/app/server.js' })).toMatchObject({ status: 422, text: expect.stringContaining('Start it first') });
  expect((await put(`${OLD}/content?folder=/app&name=new.txt`, 'steam')).status).toBe(200);
  expect((await get(`${OLD}?path=/app`)).text).toContain('new.txt');
});

test('a file is read, uploaded, replaced when that is asked for, and edited; all of it is written down', async () => {
  expect((await get(`${GITEA}/download?path=/etc/motd`)).text).toBe('Nothing here is real.\n');
  expect(await (await put(`${GITEA}/content?folder=/app&name=${encodeURIComponent('馒 头')}`, 'one')).json()).toMatchObject({ path: '/app/馒 头', size: 3 });
  const there = await put(`${GITEA}/content?folder=/app&name=${encodeURIComponent('馒 头')}`, 'two');
  expect([there.status, ((await there.json()) as { code: string }).code]).toEqual([409, 'conflict']);
  expect((await put(`${GITEA}/content?folder=/app&name=${encodeURIComponent('馒 头')}&replace=on`, 'three')).status).toBe(200);
  expect((await get(`${GITEA}/download?path=${encodeURIComponent('/app/馒 头')}`)).text).toBe('three');
  const form = (html: string) => Object.fromEntries([...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
  const first = await get(`${GITEA}/edit?path=/etc/motd`);
  const fields = { ...form(first.text), text: 'Steamed.\r\nTwice.' };
  const saved = await post(`${GITEA}/edit`, fields);
  expect([saved.status, saved.to]).toEqual([303, expect.stringContaining('/files/edit?path=/etc/motd&saved=on')]);
  expect((await get(`${GITEA}/download?path=/etc/motd`)).text).toBe('Steamed.\nTwice.');
  // Based on what is there no longer.
  const stale = await post(`${GITEA}/edit`, { ...fields, text: 'Mine.' });
  expect(stale.status).toBe(409);
  for (const words of ['Somebody changed the file meanwhile', 'Mine.']) expect(stale.text).toContain(words);
  expect((await get(`${GITEA}/edit?path=/usr/bin/env`)).text).toContain('This is no text');
  const actions = listAudit(t.app).map(({ action, target, params }) => [action, target, (params as { path?: string }).path]).filter(([action]) => String(action).startsWith('containers.files'));
  expect(actions).toContainEqual(['containers.files.write', 'gitea', '/etc/motd']);
  expect(actions).toContainEqual(['containers.files.read', 'gitea', '/etc/motd']);
});
