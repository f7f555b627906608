import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../core/app.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { createToken } from '../../core/tokens/tokens.ts';
import type { Role } from '../../db/schema/users.ts';
import { testApp, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let folder: string;
let path: string;
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-content-'));
  path = join(folder, 'a.bin');
  writeFileSync(path, 'old');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const tokenOf = (role: Role) => {
  const { userId } = t.as(role);
  return { userId, ...createToken(t.app, SYSTEM, { userId, name: 'test', role, expiresInDays: null }) };
};
const put = (token: string, target: string, body: string | Uint8Array<ArrayBuffer> | ReadableStream | null, headers: Record<string, string>) =>
  t.request(`/api/v1/files/content?path=${encodeURIComponent(target)}`, { method: 'PUT', body: body as never, headers: { authorization: `Bearer ${token}`, ...headers } });
const sha256 = (text: string) => Bun.SHA256.hash(text, 'hex');

test('refused: no condition, another state, a new file that is there, an old one that is not, a role, outside, a folder, a device', async () => {
  const { token } = tokenOf('admin');
  const cases: [string, Record<string, string>, number][] = [
    [path, {}, 422],
    [path, { 'if-match': '"nothing-like-it"' }, 409],
    [path, { 'if-match': `"${sha256('other')}"` }, 409],
    [path, { 'if-none-match': '*' }, 409],
    [path, { 'if-none-match': '"x"' }, 422],
    [join(folder, 'none'), { 'if-match': '*' }, 409],
    [join(folder, 'none/deeper'), { 'if-none-match': '*' }, 404],
    [folder, { 'if-match': '*' }, 422],
    ['/dev/null', { 'if-match': '*' }, 422],
    ['relative', { 'if-match': '*' }, 422],
  ];
  for (const [target, headers, status] of cases) expect((await put(token, target, 'new', headers)).status, `${target} ${JSON.stringify(headers)}`).toBe(status);
  expect((await put(tokenOf('viewer').token, path, 'new', { 'if-match': '*' })).status).toBe(403);
  putSetting(t.app, 'filesRootsOperator', [join(folder, 'elsewhere')]);
  expect((await put(tokenOf('operator').token, path, 'new', { 'if-match': '*' })).status).toBe(403);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a.bin']);
});

test('written whole: by its SHA-256, by the ETag of what is settled, by *, and anew', async () => {
  const { token } = tokenOf('admin');
  const first = await put(token, path, 'one', { 'if-match': `"${sha256('old')}"` });
  expect(await first.json()).toMatchObject({ path, size: 3, sha256: sha256('one') });
  // Long ago, so that the tag is strong.
  t.clock.advance(Date.now() + 60_000 - t.app.clock.now());
  const etag = ((await (await put(token, path, 'two', { 'if-match': '*' })).json()) as { etag: string }).etag;
  expect(etag).toStartWith('"');
  expect((await put(token, path, 'three', { 'if-match': etag })).status).toBe(200);
  expect((await put(token, path, 'four', { 'if-match': etag })).status).toBe(409);
  expect(readFileSync(path, 'utf8')).toBe('three');
  expect((await put(token, join(folder, 'new'), new Uint8Array([0, 255, 10]), { 'if-none-match': '*' })).status).toBe(200);
  expect(readFileSync(join(folder, 'new'))).toEqual(Buffer.of(0, 255, 10));
  symlinkSync('a.bin', join(folder, 'link'));
  expect((await put(token, join(folder, 'link'), null, { 'if-match': '*' })).status).toBe(200);
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('too large, broken off or changed meanwhile: the old stays and nothing is left beside it', async () => {
  const { token } = tokenOf('admin');
  const broken = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(1000));
      await Bun.sleep(1);
      controller.error(new Error('gone'));
    },
  });
  expect((await put(token, path, broken, { 'if-match': '*' })).status).toBe(422);
  const slow = new ReadableStream({
    pull(controller) {
      writeFileSync(path, 'by somebody else');
      utimesSync(path, 1, 1);
      controller.enqueue(new TextEncoder().encode('mine'));
      controller.close();
    },
    // Asked for nothing before it is read.
  }, { highWaterMark: 0 });
  expect((await put(token, path, slow, { 'if-match': '*' })).status).toBe(409);
  expect(readFileSync(path, 'utf8')).toBe('by somebody else');
  putSetting(t.app, 'uploadGiB', 1);
  let sent = 0;
  const piece = new Uint8Array(64 << 20);
  const large = new ReadableStream({
    pull(controller) {
      sent += piece.length;
      if (sent > 3 * 2 ** 30) controller.close();
      else controller.enqueue(piece);
    },
  });
  expect((await put(token, path, large, { 'if-match': '*' })).status).toBe(422);
  expect(sent).toBeLessThan(1.2 * 2 ** 30);
  expect(readFileSync(path, 'utf8')).toBe('by somebody else');
  expect(readdirSync(folder)).toEqual(['a.bin']);
}, 60_000);

test('S10 a token that is withdrawn in the middle writes no more', async () => {
  const { token, id } = tokenOf('admin');
  let withdrawn = false;
  const endless = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(10));
      if (!withdrawn) {
        withdrawn = true;
        t.app.db.$client.run('DELETE FROM tokens WHERE id = ?', [id]);
      }
      await Bun.sleep(20);
    },
  });
  expect((await put(token, path, endless, { 'if-match': '*' })).status).toBe(403);
  expect([readFileSync(path, 'utf8'), existsSync(path)]).toEqual(['old', true]);
  expect(readdirSync(folder)).toEqual(['a.bin']);
});
