import { afterEach, beforeEach, expect, test } from 'bun:test';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let root = '';
beforeEach(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-rows-'));
  for (let i = 0; i < 30; i++) writeFileSync(join(root, `f${i}`), 'x'.repeat(100));
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const attribute = (html: string, name: string) => new RegExp(`${name}="([^"]*)"`).exec(html)?.[1] ?? '';
const namesOf = (html: string) => [...html.matchAll(/data-name="([^"]*)"/g)].map(([, name]) => name);

test('refused: viewers, paths that are none, windows of absurd size', async () => {
  expect((await t.as('viewer').request(`/files/rows?path=${root}`)).status).toBe(403);
  const admin = t.as('admin');
  for (const query of ['path=..', 'path=/etc&from=-1', 'path=/etc&count=100000', 'path=/etc&sort=x']) expect((await admin.request(`/files/rows?${query}`)).status).toBe(422);
  expect((await admin.request(`/files/rows?path=${root}/none`)).status).toBe(404);
});

test('a window of the listing, and of a new one when it is not kept any more', async () => {
  const admin = t.as('admin');
  const first = await (await admin.request(`/files/rows?path=${root}&count=10`)).text();
  expect(namesOf(first)).toEqual(Array.from({ length: 10 }, (_, i) => `f${i}`));
  const id = attribute(first, 'data-listing');
  const second = await (await admin.request(`/files/rows?path=${root}&listing=${id}&from=25&count=10`)).text();
  expect([attribute(second, 'data-listing'), attribute(second, 'data-total'), attribute(second, 'data-from')]).toEqual([id, '30', '25']);
  expect(namesOf(second)).toEqual(['f25', 'f26', 'f27', 'f28', 'f29']);
  t.clock.advance(120_000);
  const third = await (await admin.request(`/files/rows?path=${root}&listing=${id}&from=25&count=10`)).text();
  expect(attribute(third, 'data-listing')).not.toBe(id);
  expect(namesOf(third)).toEqual(namesOf(second));
});

test('S15 names are text in the rows, whatever they say', async () => {
  writeFileSync(join(root, '<img src=x onerror=alert(1)>'), '');
  const html = await (await t.as('admin').request(`/files/rows?path=${root}`)).text();
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toContain('<img');
});

test('a filter narrows the listing that is there', async () => {
  const admin = t.as('admin');
  const id = attribute(await (await admin.request(`/files/rows?path=${root}`)).text(), 'data-listing');
  writeFileSync(join(root, 'f1-later'), '');
  const html = await (await admin.request(`/files/rows?path=${root}&listing=${id}&narrow=on&filter=f1`)).text();
  expect(namesOf(html)).toEqual(['f1', ...Array.from({ length: 10 }, (_, i) => `f1${i}`)]);
});

const size = async (query: string) => {
  const text = await (await t.as('admin', `a${Math.random()}`).request(`/files/sizes?${query}`)).text();
  const event = /event: end\ndata: (.*)\n/.exec(text)?.[1];
  return event ? (JSON.parse(event) as Record<string, number>) : text;
};

test('sizes: hard links once, symlinks as themselves, folders entered; the page shows them', async () => {
  mkdirSync(join(root, 'sub/deep'), { recursive: true });
  writeFileSync(join(root, 'sub/deep/a'), 'x'.repeat(5000));
  linkSync(join(root, 'sub/deep/a'), join(root, 'sub/b'));
  symlinkSync('/', join(root, 'sub/all'));
  expect(await size(`folder=${root}&name=sub`)).toMatchObject({ bytes: 5001, files: 3, folders: 2, unread: 0, elsewhere: 0 });
  expect(await size(`folder=${root}&name=f1&name=f2`)).toMatchObject({ bytes: 200, files: 2, folders: 0 });
  const page = await (await t.as('admin').request(`/files/size?folder=${root}&name=sub`)).text();
  expect(attribute(page, 'data-sizes')).toBe(`/files/sizes?folder=${root}&amp;name=sub`);
});

test('sizes do not enter other file systems, and say what could not be read', async () => {
  expect(await size('folder=/&name=proc')).toMatchObject({ elsewhere: 1, files: 0 });
  expect(await size(`folder=${root}&name=none`)).toMatchObject({ unread: 1, files: 0 });
  expect(await size(`folder=${root}/none&name=x`)).toContain('event: fault');
});

test('a selection of everything is that of the listing; a long one is kept under an id, for its session only', async () => {
  const admin = t.as('admin');
  const id = attribute(await (await admin.request(`/files/rows?path=${root}`)).text(), 'data-listing');
  writeFileSync(join(root, 'later'), 'x'.repeat(1000));
  const stream = await (await admin.request(`/files/sizes?listing=${id}&all=on&except=f0&except=f1`)).text();
  expect(stream).toContain('"files":28');
  const kept = (await (await admin.request('/files/selections', { form: { folder: root, name: 'f3' } })).json()) as { id: string };
  expect(await (await admin.request(`/files/sizes?selection=${kept.id}`)).text()).toContain('"files":1');
  expect((await t.as('admin', 'other').request(`/files/sizes?selection=${kept.id}`)).status).toBe(409);
  expect((await admin.request('/files/sizes?listing=none&all=on')).status).toBe(409);
  for (const name of ['..', '.', 'a/b', '']) expect((await admin.request(`/files/size?folder=${root}&name=${encodeURIComponent(name)}`)).status).toBe(422);
});
