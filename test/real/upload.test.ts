import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { SYSTEM } from '../../src/core/app.ts';
import { createToken, removeToken } from '../../src/core/tokens/tokens.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { slowLine, type SlowLine } from '../support/slow-line.ts';
import { until } from '../support/until.ts';

const COMMAND = [process.execPath, 'src/main.ts'];
const MIB = 1 << 20;
let panel: RunningPanel;
let line: SlowLine;
let cookie = '';
let root = '';

beforeAll(async () => {
  panel = await runPanel(COMMAND);
  cookie = await setUp(panel);
  line = await slowLine(new URL(panel.url).port);
});
afterAll(async () => {
  line.stop();
  expect(panel.errorLog()).toBe('');
  await panel.stop();
});
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-real-upload-')));
  line.rate(Infinity);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const random = (size: number) => Buffer.concat(Array.from({ length: Math.ceil(size / 65_536) }, () => crypto.getRandomValues(new Uint8Array(65_536)))).subarray(0, size);
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const read = (name: string) => readFileSync(join(root, name));
const part = () => readdirSync(root).filter((name) => name.includes('.mantou-')).map((name) => join(root, name))[0];
const partSize = () => statSync(part() ?? '', { throwIfNoEntry: false })?.size ?? 0;

/** The client that others write against: what it gets through with is tus. */
function send(bytes: Buffer, name: string, more: Partial<UploadOptions> = {}) {
  const done = Promise.withResolvers<void>();
  const upload = new Upload(bytes, {
    endpoint: `${line.url}/files/upload`,
    // The guard asks where a page comes from; tus-js-client in Node says nothing by itself.
    headers: { cookie, origin: line.url },
    metadata: { filename: name, path: root },
    retryDelays: Array.from({ length: 3000 }, () => 100),
    onSuccess: () => done.resolve(),
    onError: (error) => done.reject(error),
    ...more,
  });
  done.promise.catch(() => {});
  upload.start();
  return { upload, done: done.promise };
}

const statusOf = (work: Promise<unknown>) => work.then(() => 0, (error: unknown) => (error instanceof DetailedError ? error.originalResponse?.getStatus() ?? -1 : -2));

describe('tus-js-client', () => {
  test.each<[string, Partial<UploadOptions>]>([
    ['in one request', {}], ['in chunks', { chunkSize: MIB }], ['with the announcement', { uploadDataDuringCreation: true }],
    ['where a proxy lets no PATCH through', { overridePatchMethod: true, chunkSize: MIB }],
  ])('sends a file %s', async (how, options) => {
    const bytes = random(5 * MIB + 17);
    await send(bytes, how, options).done;
    expect(sha(read(how))).toBe(sha(bytes));
    expect(readdirSync(root)).toEqual([how]);
  });

  test('sends a stream whose length it does not know', async () => {
    const bytes = random(3 * MIB);
    const { Readable } = await import('node:stream');
    const pieces = Array.from({ length: 48 }, (_, i) => bytes.subarray(i * 65_536, (i + 1) * 65_536));
    await send(Readable.from(pieces) as unknown as Buffer, 'stream', { uploadLengthDeferred: true, chunkSize: MIB }).done;
    expect(sha(read('stream'))).toBe(sha(bytes));
  });

  test('pauses, goes on, and takes back', async () => {
    line.rate(4 * MIB);
    const bytes = random(6 * MIB);
    const { upload, done } = send(bytes, 'paused');
    await until(() => partSize() > MIB);
    await upload.abort();
    line.rate(Infinity);
    upload.start();
    await done;
    expect(sha(read('paused'))).toBe(sha(bytes));
    line.rate(4 * MIB);
    const other = send(random(6 * MIB), 'gone');
    await until(() => partSize() > 0);
    await other.upload.abort(true);
    await until(() => !part());
    expect(readdirSync(root)).toEqual(['paused']);
  });

  test('is told when the name is taken, and does not try again', async () => {
    writeFileSync(join(root, 'taken'), 'old');
    expect(await statusOf(send(random(10), 'taken').done)).toBe(412);
    expect(read('taken').toString()).toBe('old');
  });
});

test('kill -9 twice and the line cut twice in one upload: nothing is lost, SHA-256 equal', async () => {
  const bytes = random(24 * MIB);
  line.rate(8 * MIB);
  const { done } = send(bytes, 'tough');
  for (let i = 1; i <= 4; i++) {
    await until(() => partSize() > i * 3 * MIB);
    if (i % 2) {
      panel.kill('SIGKILL');
      await panel.exited;
      panel = await runPanel(COMMAND, { dataDir: panel.dataDir });
      line.to(new URL(panel.url).port);
    } else {
      line.cut();
      await Bun.sleep(50);
      line.mend();
    }
  }
  line.rate(Infinity);
  await done;
  expect(sha(read('tough'))).toBe(sha(bytes));
  expect(readdirSync(root)).toEqual(['tough']);
});

describe('S10 a body under way ends with the right to send it', () => {
  let t: TestApp;
  let served: ReturnType<typeof live>;
  let slow: SlowLine;
  beforeAll(async () => {
    t = testApp();
    served = live(t);
    slow = await slowLine(String(served.port));
    slow.rate(2 * MIB);
  });
  afterAll(async () => {
    slow.stop();
    served.stop();
    expect(t.errors).toEqual([]);
    await t.close();
  });

  /** Begins to send, takes the right away, and says what became of it. */
  async function lose(name: string, headers: Record<string, string>, take: () => unknown, base = '/files/upload') {
    const { upload, done } = send(random(16 * MIB), name, { endpoint: slow.url + base, headers, retryDelays: null });
    await until(() => partSize() > MIB / 2);
    await take();
    const start = performance.now();
    const status = await Promise.race([statusOf(done), Bun.sleep(10_000).then(() => 'it goes on')]);
    console.log(`${name}: ended after ${Math.round(performance.now() - start)} ms`);
    await upload.abort().catch(() => {});
    const size = partSize();
    await Bun.sleep(300);
    expect([status === 'it goes on', partSize() - size]).toEqual([false, 0]);
  }

  test('sign-out, another role, a withdrawn token', async () => {
    const admin = t.as('admin', 'boss');
    const of = (token: string) => ({ cookie: `mantou_session=${token}`, origin: slow.url });
    const out = t.as('admin', 'out');
    await lose('sign-out', of(out.token), () => out.request('/signout', { method: 'POST', headers: { origin: 'http://127.0.0.1:8686' } }));
    rmSync(part()!);
    const role = t.as('admin', 'role');
    await lose('role', of(role.token), () => admin.request(`/users/${role.userId}/role`, { form: { role: 'viewer' } }));
    rmSync(part()!);
    const owner = t.as('admin', 'owner');
    const { id, token } = createToken(t.app, SYSTEM, { userId: owner.userId, name: 'up', role: 'admin', expiresInDays: 1 });
    await lose('token', { authorization: `Bearer ${token}` }, () => removeToken(t.app, SYSTEM, { id, userId: owner.userId }), '/api/v1/files/upload');
  });
});

const it = needs('root', 'linux', 'mounts');
it.describe('a disk that fills up', () => {
  let disk = '';
  if (it.ok) {
    beforeAll(() => {
      disk = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-small-')));
      expect(Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).exitCode).toBe(0);
    });
    afterAll(() => {
      Bun.spawnSync(['umount', disk]);
      rmSync(disk, { recursive: true, force: true });
    });
  }

  it('what cannot fit is not begun; full in the middle is said, keeps what came, and goes on when there is room', async () => {
    const to = { metadata: { filename: 'a', path: disk }, retryDelays: null, chunkSize: MIB };
    expect(await statusOf(send(random(9 * MIB), 'a', to).done)).toBe(507);
    expect(readdirSync(disk)).toEqual([]);
    const bytes = random(6 * MIB);
    const { upload, done } = send(bytes, 'a', {
      ...to,
      onChunkComplete(_size, accepted) {
        if (accepted === 2 * MIB) writeFileSync(join(disk, 'filler'), random(4 * MIB));
      },
    });
    expect(await statusOf(done)).toBe(507);
    const kept = readdirSync(disk).filter((name) => name.includes('.mantou-'));
    expect(kept).toHaveLength(1);
    expect(sha(readFileSync(join(disk, kept[0]!)))).toBe(sha(bytes.subarray(0, statSync(join(disk, kept[0]!)).size)));
    rmSync(join(disk, 'filler'));
    await send(bytes, 'a', { ...to, uploadUrl: upload.url! }).done;
    expect([sha(readFileSync(join(disk, 'a'))), readdirSync(disk)]).toEqual([sha(bytes), ['a']]);
  });

  it('a read-only file system and a folder that is gone say so', async () => {
    mkdirSync(join(root, 'going'));
    const to = (path: string) => ({ metadata: { filename: 'b', path }, retryDelays: null });
    expect(Bun.spawnSync(['mount', '-o', 'remount,ro', disk]).exitCode).toBe(0);
    expect(await statusOf(send(random(10), 'b', to(disk)).done)).toBe(503);
    Bun.spawnSync(['mount', '-o', 'remount,rw', disk]);
    rmSync(join(root, 'going'), { recursive: true });
    expect(await statusOf(send(random(10), 'b', to(join(root, 'going'))).done)).toBe(404);
  });
});
