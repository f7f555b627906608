import { describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ORIGIN } from '../../../test/support/app.ts';
import { OFFSET, metadata, tus, uploadPanel } from '../../../test/support/upload-panel.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { uploads } from '../../db/schema/files.ts';

const panel = uploadPanel();
const { announce, begin, patch, offsetOf, names, parts, read } = panel;

describe('S5 refused, with nothing changed', () => {
  test.each([
    ['-1', 400], ['1.5', 400], ['1e3', 400], ['abc', 400], ['', 400], ['99999999999999999999999', 400], ['9007199254740993', 400], [String(2 ** 53), 413], [String(2 ** 51), 507],
  ])('an announced length of %p', async (length, status) => {
    expect((await announce(length)).status).toBe(status);
    expect(names()).toEqual([]);
  });

  test('no length at all, and a length that is both said and deferred', async () => {
    const fields = { 'upload-metadata': metadata({ filename: 'a', path: panel.root }) };
    expect((await tus(panel.admin, 'POST', '/files/upload', fields)).status).toBe(400);
    expect((await tus(panel.admin, 'POST', '/files/upload', { ...fields, 'upload-length': '1', 'upload-defer-length': '1' })).status).toBe(400);
    expect((await tus(panel.admin, 'POST', '/files/upload', { ...fields, 'upload-defer-length': '2' })).status).toBe(400);
    expect(names()).toEqual([]);
  });

  test('more than the setting allows, announced or sent', async () => {
    putSetting(panel.t.app, 'uploadGiB', 1);
    expect((await announce(2 ** 30 + 1)).status).toBe(413);
    expect((await tus(panel.admin, 'OPTIONS', '/files/upload')).headers.get('tus-max-size')).toBe(String(2 ** 30));
    putSetting(panel.t.app, 'uploadGiB', 0);
    expect(names()).toEqual([]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['a name with a slash', { filename: 'a/../../b' }, 422], ['..', { filename: '..' }, 422], ['an empty part', { filename: 'a', relativePath: 'x//y' }, 422],
    ['.. on the way', { filename: 'a', relativePath: '../a' }, 422], ['.. in the folder', { path: '/tmp/../etc' }, 422], ['a relative folder', { path: 'etc' }, 422],
    ['NUL', { filename: 'a\0b' }, 422], ['a policy that is none', { conflict: 'destroy' }, 400], ['no name', { filename: '' }, 400], ['256 bytes', { filename: '馒'.repeat(86) }, 422],
    ['a folder that is not there', { path: '/no/such/folder' }, 404], ['no folder', { path: '' }, 400],
  ])('S4 %s', async (_, fields, status) => {
    expect((await announce(1, fields)).status).toBe(status);
    expect(names()).toEqual([]);
  });

  test('S4 a symlink on the way below the folder is not followed', async () => {
    const far = mkdtempSync(join(tmpdir(), 'mantou-far-'));
    symlinkSync(far, join(panel.root, 'link'));
    expect((await announce(1, { relativePath: 'link/a.txt' })).status).toBe(422);
    expect(readdirSync(far)).toEqual([]);
    rmSync(far, { recursive: true });
  });

  test('the data directory of the panel, and what is outside the roots of a role', async () => {
    expect((await announce(1, { path: panel.t.app.config.dataDir })).status).toBe(403);
    const operator = panel.t.as('operator', `op-${Math.random()}`);
    expect((await announce(1, {}, {}, operator)).status).toBe(403);
    putSetting(panel.t.app, 'filesRootsOperator', [panel.root]);
    const url = await begin(4, {}, operator);
    // Taken back while the upload is open: the next bytes are refused.
    putSetting(panel.t.app, 'filesRootsOperator', []);
    expect((await patch(url, 0, 'abcd', {}, operator)).status).toBe(403);
    expect((await tus(operator, 'HEAD', url)).status).toBe(403);
  });

  test.each(['3', '5', '99', '-1', 'x', ''])('a wrong offset (%p): 409 or 400, the bytes stay as they were', async (offset) => {
    const url = await begin(10);
    await patch(url, 0, 'abcd');
    const answer = await patch(url, offset, 'XYZ');
    expect(answer.status).toBe(/^\d+$/.test(offset) ? 409 : 400);
    expect(read(parts()[0]!)).toBe('abcd');
    expect(await offsetOf(url)).toBe('4');
  });

  test('no offset, another type of body, another version of the protocol', async () => {
    const url = await begin(10);
    expect((await tus(panel.admin, 'PATCH', url, { 'content-type': OFFSET }, 'abcd')).status).toBe(403);
    expect((await patch(url, 0, 'abcd', { 'content-type': 'text/plain' })).status).toBe(415);
    const answer = await patch(url, 0, 'abcd', { 'tus-resumable': '0.2.2' });
    expect([answer.status >= 400, answer.headers.get('tus-version')]).toEqual([true, '1.0.0']);
    expect((await panel.admin.request(url, { method: 'PATCH', headers: { origin: ORIGIN, 'upload-offset': '0', 'content-type': OFFSET }, body: 'abcd' })).status).toBe(412);
    expect(read(parts()[0]!)).toBe('');
  });

  test('more bytes than are left: announced (413 at once) and unannounced (413, and none of them counts)', async () => {
    const url = await begin(6);
    await patch(url, 0, 'abc');
    expect((await patch(url, 3, 'defg')).status).toBe(413);
    const stream = new ReadableStream({ start: (c) => (c.enqueue(new TextEncoder().encode('de')), c.enqueue(new TextEncoder().encode('fgh')), c.close()) });
    const answer = await panel.admin.request(url, { method: 'PATCH', headers: { origin: ORIGIN, 'tus-resumable': '1.0.0', 'upload-offset': '3', 'content-type': OFFSET }, body: stream as never });
    expect(answer.status).toBe(413);
    expect(read(parts()[0]!)).toBe('abc');
  });

  test('a body with the announcement that is longer than announced leaves nothing', async () => {
    expect((await announce(3, {}, { 'content-type': OFFSET, 'content-length': '4' }, panel.admin, 'abcd')).status).toBe(413);
    const stream = new ReadableStream({ start: (c) => (c.enqueue(new TextEncoder().encode('abcd')), c.close()) });
    const answer = await panel.admin.request('/files/upload', {
      method: 'POST', headers: { origin: ORIGIN, 'tus-resumable': '1.0.0', 'upload-length': '3', 'content-type': OFFSET, 'upload-metadata': metadata({ filename: 'a', path: panel.root }) }, body: stream as never,
    });
    expect(answer.status).toBe(413);
    expect(names()).toEqual([]);
  });

  test('S12 somebody else\'s upload does not exist for others, administrators too', async () => {
    const url = await begin(4);
    for (const method of ['HEAD', 'PATCH', 'DELETE'] as const) {
      const answer = method === 'PATCH' ? await patch(url, 0, 'abcd', {}, panel.other) : await tus(panel.other, method, url);
      expect(answer.status, method).toBe(404);
    }
    expect((await tus(panel.other, 'POST', url, { 'x-http-method-override': 'DELETE' })).status).toBe(404);
    expect((await panel.other.request(`/files/uploads/${url.split('/').at(-1)}/place`, { method: 'POST', headers: { origin: ORIGIN, 'content-type': 'application/json' }, body: '{"conflict":"replace"}' })).status).toBe(404);
    expect(await offsetOf(url)).toBe('0');
  });

  test('S6 S7 without a session, by a viewer, from another site', async () => {
    const url = await begin(4);
    for (const method of ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await panel.t.request(method === 'POST' ? '/files/upload' : url, { method, headers: { origin: ORIGIN, 'tus-resumable': '1.0.0' } });
      expect([303, 401, 403], method).toContain(answer.status);
    }
    const viewer = panel.t.as('viewer', `v-${Math.random()}`);
    expect((await announce(1, {}, {}, viewer)).status).toBe(403);
    expect((await announce(1, {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await patch(url, 0, 'abcd', { origin: 'https://evil.example' })).status).toBe(403);
    expect(await offsetOf(url)).toBe('0');
  });

  test.each([
    ['sha1', (bytes: string) => createHash('sha1').update(bytes).digest('base64')], ['sha256', (bytes: string) => createHash('sha256').update(bytes).digest('base64')],
    ['md5', (bytes: string) => createHash('md5').update(bytes).digest('base64')],
    ['crc32', (bytes: string) => { const out = Buffer.alloc(4); out.writeUInt32BE(crc32(bytes)); return out.toString('base64'); }],
  ])('a checksum that differs: 460 and back to the offset; %s', async (name, sum) => {
    const url = await begin(8);
    expect((await patch(url, 0, 'abcd', { 'upload-checksum': `${name} ${sum('abcd')}` })).status).toBe(204);
    expect((await patch(url, 4, 'efgX', { 'upload-checksum': `${name} ${sum('efgh')}` })).status).toBe(460);
    expect([await offsetOf(url), read(parts()[0]!)]).toEqual(['4', 'abcd']);
    expect((await patch(url, 4, 'efgh', { 'upload-checksum': `${name} ${sum('efgh')}` })).status).toBe(204);
    expect(read('a.txt')).toBe('abcdefgh');
  });

  test('a checksum of an unknown algorithm or that is none: 400', async () => {
    const url = await begin(8);
    for (const sum of ['sha512 AAAA', 'sha1', 'sha1 ***', '']) expect((await patch(url, 0, 'abcd', { 'upload-checksum': sum })).status, sum).toBe(400);
    expect(await offsetOf(url)).toBe('0');
  });

  test('concatenation, which is not offered', async () => {
    expect((await announce(1, {}, { 'upload-concat': 'partial' })).status).toBe(501);
    expect(names()).toEqual([]);
  });

  test('more unfinished uploads than one person may have', async () => {
    const many = panel.t.as('admin', 'many');
    const row = { folder: panel.root, name: 'a', part: '.a.mantou-000000000000', size: 1, metadata: {}, conflict: 'ask' as const, createdAt: panel.t.clock.now(), touchedAt: panel.t.clock.now() };
    for (let i = 0; i < 2000; i++) panel.t.app.db.insert(uploads).values({ ...row, id: `many-${i}`, userId: many.userId }).run();
    expect((await announce(1, {}, {}, many)).status).toBe(429);
    expect(names()).toEqual([]);
  });
});
