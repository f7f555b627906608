import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Downloads as curl sees them: of the panel's own process, over a socket. */
const it = needs('linux');
const root = mkdtempSync(join(tmpdir(), 'mantou-download-'));
const main = [process.execPath, join(import.meta.dir, '../../src/main.ts')];
let panel: RunningPanel;
let cookie: string;

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel(main);
    cookie = await setUp(panel);
  });
}
afterAll(async () => {
  await panel?.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Got {
  exit: number;
  status: number;
  headers: Headers;
  body: Buffer;
}

let n = 0;
const address = (path: string) => `${panel.url}/files/download?path=${encodeURIComponent(path)}`;

async function curl(url: string, ...options: string[]): Promise<Got> {
  const [head, body] = [join(root, `.head${++n}`), join(root, `.body${n}`)];
  const child = Bun.spawn(['curl', '-s', '-b', cookie, '-D', head, '-o', body, ...options, url], { stdout: 'ignore', stderr: 'ignore' });
  const exit = await child.exited;
  const lines = readFileSync(head, 'latin1').trim().split('\r\n');
  const headers = new Headers(lines.slice(1).map((line) => [line.slice(0, line.indexOf(':')), Buffer.from(line.slice(line.indexOf(':') + 1).trim(), 'latin1').toString('latin1')] as [string, string]));
  const got = { exit, status: Number(lines[0]!.split(' ')[1]), headers, body: statSync(body, { throwIfNoEntry: false }) ? readFileSync(body) : Buffer.alloc(0) };
  for (const path of [head, body]) rmSync(path, { force: true });
  return got;
}

/** A file whose last change lies in the past, so that its state can be told apart for certain. */
async function made(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(root, name);
  writeFileSync(path, bytes);
  await settled(path);
  return path;
}

/** The kernel sets the time of change by itself: a strong tag comes when it lies two seconds back. */
const settled = (path: string) => until(() => Date.now() - statSync(path).ctimeMs > 2100);

/** Names of what the panel holds open below a folder. */
const heldBy = (folder: string) =>
  readdirSync(`/proc/${panel.pid}/fd`).flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/${panel.pid}/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });

const random = (length: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(length)));

it('refusals: no session, nothing there, a device, a pipe, a link out of nowhere, a path that is none', async () => {
  const anonymous = await fetch(address('/etc/passwd'), { redirect: 'manual' });
  expect(anonymous.status).toBe(303);
  Bun.spawnSync(['mkfifo', join(root, 'pipe')]);
  symlinkSync('loop', join(root, 'loop'));
  for (const [path, status] of [['/none', 404], ['/dev/zero', 422], [join(root, 'pipe'), 422], [join(root, 'loop'), 422], ['etc/passwd', 422], ['/etc/../etc/passwd', 422], ['/etc/passwd\0.png', 422], ['', 422]] as const) {
    expect([path, (await curl(address(path))).status]).toEqual([path, status]);
  }
  expect(heldBy(root)).toEqual([]);
});

it('S15 whatever a file is, it is saved and never shown: attachment, no sniffing, a sandbox', async () => {
  const path = await made('page.html', '<script>alert(1)</script>');
  const { status, headers, body } = await curl(address(path));
  expect(status).toBe(200);
  expect(body.toString()).toBe('<script>alert(1)</script>');
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toBe('attachment; filename=page.html');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toStartWith('sandbox;');
  expect(headers.get('content-encoding')).toBeNull();
});

describe('RFC 9110', () => {
  it('one piece, what begins past the end, several pieces, HEAD, an empty file', async () => {
    const bytes = random(3_000_000);
    const path = await made('three', bytes);
    const whole = await curl(address(path));
    expect([whole.status, whole.body.equals(bytes), whole.headers.get('accept-ranges'), whole.headers.get('content-length')]).toEqual([200, true, 'bytes', '3000000']);
    for (const [range, first, last] of [['5-9', 5, 9], ['2999990-', 2999990, 2999999], ['-5', 2999995, 2999999], ['0-9999999', 0, 2999999], ['-9999999', 0, 2999999], ['100-2500000', 100, 2500000]] as const) {
      const got = await curl(address(path), '-H', `Range: bytes=${range}`);
      expect([range, got.status, got.headers.get('content-range'), got.headers.get('content-length')]).toEqual([range, 206, `bytes ${first}-${last}/3000000`, String(last - first + 1)]);
      expect(got.body.equals(bytes.subarray(first, last + 1)), range).toBe(true);
    }
    const past = await curl(address(path), '-H', 'Range: bytes=3000000-');
    expect([past.status, past.headers.get('content-range'), past.body.length]).toEqual([416, 'bytes */3000000', 0]);
    for (const range of ['bytes=0-1,5-6', 'bytes=9-5', 'lines=1-2']) {
      const got = await curl(address(path), '-H', `Range: ${range}`);
      expect([range, got.status, got.body.length]).toEqual([range, 200, 3_000_000]);
    }
    const head = await curl(address(path), '-I');
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '3000000', whole.headers.get('etag')]);
    const part = await curl(address(path), '-I', '-H', 'Range: bytes=5-9');
    expect([part.status, part.headers.get('content-length')]).toEqual([206, '5']);
    const empty = await curl(address(await made('empty', '')));
    expect([empty.exit, empty.status, empty.headers.get('content-length')]).toEqual([0, 200, '0']);
  });

  it('a download goes on where it broke off, and begins anew when the file is another one by then', async () => {
    const path = await made('resumed', random(2_000_000));
    const before = await curl(address(path));
    const etag = before.headers.get('etag')!;
    expect(etag).toStartWith('"');
    const on = await curl(address(path), '-H', 'Range: bytes=1000000-', '-H', `If-Range: ${etag}`);
    expect([on.status, on.body.equals(before.body.subarray(1_000_000))]).toEqual([206, true]);
    const same = await curl(address(path), '-H', `If-None-Match: ${etag}`);
    expect([same.status, same.body.length, same.headers.get('etag')]).toEqual([304, 0, etag]);
    // Same name, same size, same modification time: another file.
    const { mtime } = statSync(path);
    writeFileSync(join(root, 'other'), random(2_000_000));
    utimesSync(join(root, 'other'), mtime, mtime);
    renameSync(join(root, 'other'), path);
    await settled(path);
    for (const condition of [`If-Range: ${etag}`, `If-None-Match: ${etag}`]) {
      const got = await curl(address(path), '-H', 'Range: bytes=1000000-', '-H', condition);
      expect([condition, got.status]).toEqual([condition, condition.startsWith('If-Range') ? 200 : 206]);
      expect(got.body.equals(readFileSync(path).subarray(condition.startsWith('If-Range') ? 0 : 1_000_000))).toBe(true);
    }
    expect((await curl(address(path), '-H', `If-Match: ${etag}`)).status).toBe(412);
  });

  it('a file that was just written is sent whole to who asks for a piece of what it was', async () => {
    const path = join(root, 'fresh');
    writeFileSync(path, random(5000));
    const { headers } = await curl(address(path));
    expect(headers.get('etag')).toStartWith('W/"');
    expect(headers.get('last-modified')).toBeNull();
    expect((await curl(address(path), '-H', 'Range: bytes=10-', '-H', `If-Range: ${headers.get('etag')}`)).status).toBe(200);
  });
});

describe('a file that changes while it is sent', () => {
  const slow = ['--limit-rate', '20M', '-m', '80'];
  /** Some of it has come: what was declared stands. */
  const begun = () => until(() => (statSync(join(root, `.body${n}`), { throwIfNoEntry: false })?.size ?? 0) > 1_000_000);
  it('and grows: as many bytes as were declared', async () => {
    const before = random(60_000_000);
    const path = await made('grows', before);
    const under = curl(address(path), ...slow);
    await begun();
    appendFileSync(path, random(20_000_000));
    const got = await under;
    expect([got.exit, got.headers.get('content-length'), got.body.length, got.body.equals(before)]).toEqual([0, '60000000', 60_000_000, true]);
  });

  it('and gets shorter: the connection breaks, nobody takes a piece for the whole', async () => {
    const path = await made('shrinks', random(60_000_000));
    const under = curl(address(path), ...slow);
    await begun();
    truncateSync(path, 30_000_000);
    const got = await under;
    expect([got.exit, got.headers.get('content-length')]).toEqual([18, '60000000']);
    expect(got.body.length).toBeLessThanOrEqual(30_000_000);
  });

  it('and is replaced by another: the one that was begun is sent to its end', async () => {
    const before = random(40_000_000);
    const path = await made('replaced', before);
    const under = curl(address(path), ...slow);
    await begun();
    writeFileSync(join(root, 'next'), random(40_000_000));
    renameSync(join(root, 'next'), path);
    expect((await under).body.equals(before)).toBe(true);
  });
});

it('names: Chinese, quotes, a line break, no UTF-8, a path on Windows', async () => {
  const names: [Buffer, string][] = [
    [Buffer.from('中文.txt'), `attachment; filename="??.txt"; filename*=UTF-8''%E4%B8%AD%E6%96%87.txt`],
    [Buffer.from('a"b;c.txt'), 'attachment; filename="a\\"b;c.txt"'],
    [Buffer.from('two\r\nlines: x.txt'), 'attachment; filename="two__lines: x.txt"'],
    [Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9), Buffer.from('.txt')]), 'attachment; filename=caf_.txt'],
    [Buffer.from('100%41 naïve.txt'), `attachment; filename="100%41 na?ve.txt"; filename*=UTF-8''100%2541%20na%C3%AFve.txt`],
    [Buffer.from('..\\up.txt'), 'attachment; filename=.._up.txt'],
  ];
  const { nameOf } = await import('../../src/lib/file-name.ts');
  for (const [name, said] of names) {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'x');
    const got = await curl(address(`${root}/${nameOf(name)}`));
    expect([got.status, got.headers.get('content-disposition')]).toEqual([200, said]);
  }
});

it('S22 nothing stays open after a thousand downloads, nor after a thousand that were broken off', async () => {
  const small = await made('small', random(100_000));
  const large = await made('large', random(50_000_000));
  for (let round = 0; round < 50; round++) {
    await Promise.all(Array.from({ length: 20 }, async () => (await fetch(address(small), { headers: { cookie } })).arrayBuffer()));
    await Promise.all(Array.from({ length: 20 }, async () => {
      const abort = new AbortController();
      const answer = await fetch(address(large), { headers: { cookie }, signal: abort.signal });
      expect(answer.status).toBe(200);
      abort.abort();
    }));
  }
  await until(() => heldBy(root).length === 0);
  expect(panel.errorLog()).toBe('');
});

describe('a folder on its way', () => {
  it('as a zip and a tar that the usual tools open, with what could not be read named at the end', async () => {
    const folder = join(root, 'tree');
    mkdirSync(join(folder, '子目录/deep'), { recursive: true });
    const bytes = random(700_000);
    writeFileSync(join(folder, '子目录/deep/中文.bin'), bytes);
    writeFileSync(join(folder, 'text.txt'), 'steam\n'.repeat(10_000));
    writeFileSync(join(folder, 'empty'), '');
    symlinkSync('/etc/shadow', join(folder, 'out'));
    Bun.spawnSync(['mkfifo', join(folder, 'pipe')]);
    const long = 'x'.repeat(200);
    mkdirSync(join(folder, long));
    writeFileSync(join(folder, long, long), 'deep');
    for (const format of ['zip', 'tar'] as const) {
      const got = await curl(`${address(folder)}&as=${format}`);
      expect([got.exit, got.status, got.headers.get('content-disposition')]).toEqual([0, 200, `attachment; filename=tree.${format}`]);
      const [file, to] = [join(root, `got.${format}`), join(root, `opened-${format}`)];
      writeFileSync(file, got.body);
      mkdirSync(to);
      const opened = Bun.spawnSync(format === 'zip' ? ['unzip', '-q', '-X', file, '-d', to] : ['tar', '-xf', file, '-C', to], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
      expect([format, opened.exitCode, opened.stderr.toString()]).toEqual([format, 0, '']);
      expect(readFileSync(join(to, '子目录/deep/中文.bin')).equals(bytes)).toBe(true);
      expect(readFileSync(join(to, 'text.txt'), 'utf8')).toBe('steam\n'.repeat(10_000));
      expect(readFileSync(join(to, long, long), 'utf8')).toBe('deep');
      expect(readlinkSync(join(to, 'out'))).toBe('/etc/shadow');
      expect(readFileSync(join(to, 'mantou-left-out.txt'), 'utf8')).toContain('pipe: This is a device');
      if (format === 'zip') expect(got.body.length).toBeLessThan(800_000);
    }
  });

  it('S22 is made no faster than it is read, and ends when the reader goes', async () => {
    const folder = join(root, 'much');
    mkdirSync(folder);
    const large = await made('much/large', random(80_000_000));
    for (const format of ['zip', 'tar', 'zip', 'tar', 'zip', 'tar']) {
      const abort = new AbortController();
      const answer = await fetch(`${address(folder)}&as=${format}`, { headers: { cookie }, signal: abort.signal });
      const reader = answer.body!.getReader();
      await reader.read();
      await until(() => heldBy(large).length > 0);
      abort.abort();
      await until(() => heldBy(root).length === 0);
    }
    // A whole one makes the panel collect what it has dropped: a file that was left open would be complained about.
    const whole = await curl(`${address(folder)}&as=tar`);
    expect([whole.exit, whole.body.length > 80_000_000]).toEqual([0, true]);
    expect(panel.errorLog()).toBe('');
  });

  it('S10 ends when the session that asked for it does', async () => {
    const { signIn } = await import('../support/panel.ts');
    const own = await signIn(panel);
    const answer = await fetch(`${address(join(root, 'much'))}&as=tar`, { headers: { cookie: own } });
    const reader = answer.body!.getReader();
    await reader.read();
    await fetch(`${panel.url}/signout`, { method: 'POST', headers: { cookie: own, origin: panel.url }, redirect: 'manual' });
    let broke = false;
    try {
      while (!(await reader.read()).done);
    } catch {
      broke = true;
    }
    expect(broke).toBe(true);
    await until(() => heldBy(root).length === 0);
  });
});
