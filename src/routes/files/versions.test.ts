import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropStrayVersions } from '../../core/files/versions/keep.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { ORIGIN, testApp, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let folder: string;
let path: string;
let admin: ReturnType<TestApp['as']>;
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-versions-'));
  path = join(folder, 'a.txt');
  writeFileSync(path, 'first\n');
  admin = t.as('admin', 'lin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const save = async (text: string, target = path) => {
  const { hash } = (await (await admin.request(`/files/text?path=${encodeURIComponent(target)}`)).json()) as { hash: string };
  const body = JSON.stringify({ path: target, text, encoding: 'utf-8', lineEnd: 'lf', base: hash });
  t.clock.advance(1000);
  expect((await admin.request('/files/text', { method: 'PUT', headers: { origin: ORIGIN }, body })).status).toBe(200);
};
const rows = () => t.app.db.$client.query('SELECT id, path, actor, size FROM file_versions ORDER BY at DESC').all() as { id: string; path: string; actor: string; size: number }[];
const stored = () => {
  try {
    return readdirSync(join(t.app.config.dataDir, 'versions')).sort();
  } catch {
    return [];
  }
};
const textOf = (id: string, target = path, who = admin) => who.request(`/files/versions/text?path=${encodeURIComponent(target)}&id=${id}`);

test('S12 a version is read by who may read its file now, and under its own file only', async () => {
  await save('second\n');
  const { id } = rows()[0]!;
  const other = join(folder, 'b.txt');
  writeFileSync(other, 'other\n');
  expect((await textOf(id, other)).status).toBe(404);
  expect((await admin.request('/files/versions/restore', { form: { path: other, id } })).status).toBe(404);
  expect(readFileSync(other, 'utf8')).toBe('other\n');
  const viewer = t.as('viewer');
  expect((await textOf(id, path, viewer)).status).toBe(403);
  expect((await viewer.request(`/files/versions?path=${path}`)).status).toBe(403);
  expect((await viewer.request('/files/versions/restore', { form: { path, id } })).status).toBe(403);
  expect((await viewer.request('/files/versions/clear', { form: { path } })).status).toBe(403);
  rmSync(path);
  expect((await textOf(id)).status).toBe(404);
});

test('what is damaged or gone in the data directory is not put back', async () => {
  await save('second\n');
  const { id } = rows().at(-1)!;
  writeFileSync(join(t.app.config.dataDir, 'versions', `${id}.zst`), Bun.zstdCompressSync('something else'));
  for (let i = 0; i < 2; i++) {
    expect((await admin.request('/files/versions/restore', { form: { path, id } })).status).toBe(404);
    rmSync(join(t.app.config.dataDir, 'versions', `${id}.zst`), { force: true });
  }
  expect(readFileSync(path, 'utf8')).toBe('second\n');
  expect((await textOf('00000000-0000-7000-8000-000000000000')).status).toBe(404);
  expect((await textOf('../../secret')).status).toBe(422);
});

test('each save is one: who and when, what was found first too; restoring is a save', async () => {
  await save('second\n');
  await save('third\n');
  expect(rows().map(({ actor }) => actor)).toEqual(['lin', 'lin', '']);
  const html = await (await admin.request(`/files/versions?path=${path}`)).text();
  expect([html.includes('Found on the disk'), html.split('<tr>').length - 1]).toEqual([true, 4]);
  const first = rows().at(-1)!;
  expect(await (await textOf(first.id)).json()).toMatchObject({ text: 'first\n', encoding: 'utf-8' });
  expect((await admin.request('/files/versions/restore', { form: { path, id: first.id } })).headers.get('location')).toBe(`/files/versions?path=${path}`);
  expect(readFileSync(path, 'utf8')).toBe('first\n');
  expect(rows().length).toBe(4);
  // Changed by another program between two saves: that is kept as well.
  writeFileSync(path, 'by another program\n');
  await save('fourth\n');
  expect(rows().map(({ actor }) => actor).slice(0, 3)).toEqual(['lin', '', 'lin']);
});

test('the last ones of a file are kept, the oldest of all go beyond the quota, and none where it is switched off', async () => {
  putSetting(t.app, 'versionsKept', 3);
  for (let i = 0; i < 6; i++) await save(`save ${i}\n`);
  expect(rows().length).toBe(3);
  expect(await (await textOf(rows()[2]!.id)).json()).toMatchObject({ text: 'save 3\n' });
  expect(stored()).toEqual(rows().map(({ id }) => `${id}.zst`).sort());
  // Text that does not get smaller: three quarters of a MiB for each save.
  putSetting(t.app, 'versionsMiB', 1);
  const large = () => Buffer.from(t.app.random.bytes(3 << 18)).toString('latin1').replace(/[\x00-\x1f\x7f-\x9f]/g, 'x').slice(0, 700_000);
  const other = join(folder, 'b.txt');
  writeFileSync(other, 'b');
  await save(large(), other);
  await save(large(), other);
  const used = rows().reduce((sum, { id }) => sum + Bun.file(join(t.app.config.dataDir, 'versions', `${id}.zst`)).size, 0);
  expect(used).toBeLessThanOrEqual(1 << 20);
  expect(rows().some((row) => row.path === path)).toBe(false);
  putSetting(t.app, 'versionsKept', 0);
  const before = rows().length;
  await save('not kept\n');
  expect(rows().length).toBe(before);
});

test('clearing takes the versions of one file; what has no row is swept', async () => {
  const other = join(folder, 'b.txt');
  writeFileSync(other, 'b');
  await save('second\n');
  await save('bb', other);
  expect((await admin.request('/files/versions/clear', { form: { path } })).status).toBe(303);
  expect([...new Set(rows().map((row) => row.path))]).toEqual([other]);
  expect(stored().length).toBe(2);
  writeFileSync(join(t.app.config.dataDir, 'versions', 'stray.zst'), 'x');
  await dropStrayVersions(t.app);
  expect(stored()).toEqual(rows().map(({ id }) => `${id}.zst`).sort());
  expect(readFileSync(path, 'utf8')).toBe('second\n');
});

test('a version that cannot be kept does not stop a save', async () => {
  writeFileSync(join(t.app.config.dataDir, 'versions'), 'a file where the folder should be');
  await save('second\n');
  expect([readFileSync(path, 'utf8'), rows().length]).toEqual(['second\n', 0]);
});

test('two texts are compared: by path, by selection, with a version; the same and the unknown', async () => {
  const other = join(folder, 'b.txt');
  writeFileSync(other, 'first\r\n');
  await save('second\n');
  const page = async (query: string) => {
    const answer = await admin.request(`/files/compare?${query}`);
    return { status: answer.status, html: await answer.text() };
  };
  expect((await page('')).html).toContain('name="b"');
  expect((await page(`a=${path}`)).html).toContain(`value="${path}"`);
  expect((await page(`a=${path}&b=${join(folder, 'none')}`)).status).toBe(404);
  expect((await page(`a=${path}&b=${folder}`)).status).toBe(422);
  expect((await page(`a=${path}&version=${rows().at(-1)!.id}`)).html).toContain('["first\\n","second\\n"]');
  expect((await page(`folder=${folder}&name=a.txt&name=b.txt`)).html).toContain('["second\\n","first\\r\\n"]');
  expect((await page(`a=${path}&b=${path}`)).html).toContain('Both are the same.');
});
