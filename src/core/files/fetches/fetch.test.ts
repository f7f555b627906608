import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tasks } from '../../../db/schema/tasks.ts';
import { findSession } from '../../sessions/sessions.ts';
import { putSetting } from '../../settings/settings.ts';
import type { Actor } from '../../app.ts';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { needs } from '../../../../test/support/needs.ts';
import { until } from '../../../../test/support/until.ts';
import { FetchInput, startFetch } from './fetch.ts';
import { suggestedName } from './name.ts';
import { shownUrl } from './request.ts';

let t: TestApp;
let operator: Actor;
let root: string;
/** What the other server is asked for, and how it answers. */
type Asked = Pick<Request, 'url' | 'headers'>;
let seen: Asked[] = [];
let answer: (request: Asked) => Response | Promise<Response> = () => new Response('');
const serve = (request: Asked) => (seen.push({ url: request.url, headers: request.headers }), answer(request));
let server: ReturnType<typeof Bun.serve>;

beforeAll(() => {
  server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 5, fetch: serve });
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-fetch-'));
  operator = findSession(t.app, t.as('operator').token, '127.0.0.1')!;
  putSetting(t.app, 'filesRootsOperator', [root]);
  putSetting(t.app, 'fetchPrivate', true);
});
afterEach(() => {
  seen = [];
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
});
afterAll(async () => {
  await t.close();
  await server.stop(true);
  rmSync(root, { recursive: true, force: true });
});

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

/** Starts it and waits for its end. */
async function go(url: string, more: Record<string, string> = {}, lookup?: (host: string) => Promise<string[]>) {
  const id = await startFetch(t.app, operator, FetchInput.parse({ folder: root, url, ...more }), lookup);
  await t.app.tasks.settled(id);
  const row = t.app.db.select().from(tasks).all().find((one) => one.id === id)!;
  return { ...row, log: readFileSync(t.app.tasks.logPath(id), 'utf8') };
}

const random = (length: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)))).toString('latin1').repeat(Math.ceil(length / 65_536)).slice(0, length);

describe('S19 where it may go', () => {
  const inside = ['127.0.0.1', '10.0.0.7', '169.254.169.254', '::1', 'fd00:ec2::254', '::ffff:127.0.0.1', '64:ff9b::a9fe:a9fe'];
  const refuses = async (url: string, lookup?: (host: string) => Promise<string[]>) => {
    putSetting(t.app, 'fetchPrivate', false);
    const row = await go(url, {}, lookup).finally(() => putSetting(t.app, 'fetchPrivate', true));
    expect([url, row.state]).toEqual([url, 'failed']);
    expect(seen).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
    return row;
  };

  test('not to this machine, its networks and metadata services, however they are written', async () => {
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '017700000001', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254', '0.0.0.0', '10.0.0.1']) {
      expect((await refuses(`http://${host}:${server.port}/x`)).error?.en).toContain('private network');
    }
  });

  test('nor by a name that leads there', async () => {
    for (const address of inside) await refuses(`http://files.example:${server.port}/x`, async () => [address]);
    await refuses(`http://localhost:${server.port}/x`);
    expect((await refuses('http://nobody.example/x', async () => [])).error?.en).toContain('could not be resolved');
  });

  test('a name is resolved once, and the connection goes to the address that was checked (DNS rebinding)', async () => {
    let asked = 0;
    // The first answer is harmless, all later ones lead inside: nobody may ask again.
    const rebinding = async () => (asked++ === 0 ? ['192.0.2.1'] : ['127.0.0.1']);
    await refuses(`http://files.example:${server.port}/x`, rebinding);
    answer = () => new Response('here');
    const names: string[] = [];
    const row = await go(`http://files.example:${server.port}/x.txt`, {}, async (host) => (names.push(host), ['127.0.0.1']));
    expect([row.state, names, seen[0]!.headers.get('host')]).toEqual(['done', ['files.example'], `files.example:${server.port}`]);
  });

  test('nor by a redirect: each is looked at like the first', async () => {
    const asked: string[] = [];
    const lookup = async (host: string) => (asked.push(host), host === 'files.example' ? ['127.0.0.1'] : ['10.0.0.7']);
    answer = () => Response.redirect('http://inner.example/secret', 302);
    // The setting is taken back by the time the redirect comes.
    answer = () => (putSetting(t.app, 'fetchPrivate', false), Response.redirect(`http://inner.example:${server.port}/secret`, 302));
    const row = await go(`http://files.example:${server.port}/x`, {}, lookup).finally(() => putSetting(t.app, 'fetchPrivate', true));
    expect([row.state, asked, seen.length]).toEqual(['failed', ['files.example', 'inner.example'], 1]);
    for (const to of ['file:///etc/passwd', 'ftp://files.example/x', 'gopher://files.example/']) {
      answer = () => new Response(null, { status: 302, headers: { location: to } });
      expect([to, (await go(at('/x'))).state]).toEqual([to, 'failed']);
    }
    answer = (request) => Response.redirect(request.url, 307);
    expect((await go(at('/x'))).error?.en).toContain('again and again');
    expect(readdirSync(root)).toEqual([]);
  });

  test('nor with another scheme', () => {
    for (const url of ['', 'file:///etc/passwd', 'ftp://a/b', 'javascript:alert(1)', 'data:text/plain,x', '//a/b', 'a', 'http://', 'http:///x y:z@']) expect([url, FetchInput.safeParse({ folder: root, url }).success]).toEqual([url, false]);
  });
});

describe('refusals', () => {
  test('S4 only into folders of the role, only as one name', async () => {
    await expect(startFetch(t.app, operator, FetchInput.parse({ folder: '/etc', url: at('/x') }))).rejects.toMatchObject({ code: 'denied' });
    await expect(startFetch(t.app, operator, FetchInput.parse({ folder: join(root, 'none'), url: at('/x') }))).rejects.toMatchObject({ code: 'not_found' });
    for (const name of ['../x', 'a/b', '..', '.', 'x\0']) await expect(startFetch(t.app, operator, FetchInput.parse({ folder: root, url: at('/x'), name }))).rejects.toMatchObject({ code: 'invalid' });
    expect(seen).toEqual([]);
  });

  test('an answer that is no file', async () => {
    for (const status of [204, 206, 304, 401, 404, 416, 500]) {
      answer = () => new Response(null, { status });
      expect([status, (await go(at('/x'))).error?.en]).toEqual([status, `The server answered ${status}.`]);
    }
    expect(readdirSync(root)).toEqual([]);
  });

  test('S22 larger than the setting allows: by what it says, and by what it is', async () => {
    putSetting(t.app, 'uploadGiB', 1);
    const tcp = Bun.listen({
      hostname: '127.0.0.1', port: 0,
      socket: { data: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\nxxxx') },
    });
    const row = await go(`http://127.0.0.1:${tcp.port}/big`).finally(() => putSetting(t.app, 'uploadGiB', 0));
    tcp.stop(true);
    expect(row.error?.en).toContain('at most 1024.0 MiB');
    expect(readdirSync(root)).toEqual([]);
  });

  test('something with that name: stop, keep, keep both, replace', async () => {
    answer = () => new Response('new');
    const path = join(root, 'x.txt');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    expect((await go(at('/x.txt'))).state).toBe('failed');
    expect((await go(at('/x.txt'), { conflict: 'skip' })).state).toBe('done');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect((await go(at('/x.txt'), { conflict: 'keep-both' })).state).toBe('done');
    expect(readFileSync(join(root, 'x (2).txt'), 'utf8')).toBe('new');
    expect((await go(at('/x.txt'), { conflict: 'replace' })).state).toBe('done');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['new', 0o640]);
    mkdirSync(join(root, 'folder'));
    expect((await go(at('/folder'), { conflict: 'replace' })).state).toBe('failed');
    expect(readdirSync(root).toSorted()).toEqual(['folder', 'x (2).txt', 'x.txt']);
  });
});

test('S13 passwords and queries of addresses stay out of tasks, logs and the audit log', async () => {
  answer = (request) => new Response(request.headers.get('authorization') ?? 'none');
  const url = `http://lin:canary%21pass@127.0.0.1:${server.port}/x.txt?signature=canarykey`;
  const row = await go(url);
  expect(readFileSync(join(root, 'x.txt'), 'utf8')).toBe(`Basic ${btoa('lin:canary!pass')}`);
  const audit = t.app.db.$client.query('SELECT * FROM audit').all();
  expect(JSON.stringify([row, audit])).not.toMatch(/canary/);
  expect(JSON.stringify(audit)).toContain('files.fetch');
  expect(shownUrl(new URL(url))).toBe(`http://127.0.0.1:${server.port}/x.txt?…`);
});

test('a password is not told to the server that it is redirected to', async () => {
  const other = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => new Response(request.headers.get('authorization') ?? 'none') });
  answer = () => Response.redirect(`http://127.0.0.1:${other.port}/y`, 302);
  await go(`http://lin:secret@127.0.0.1:${server.port}/x`);
  await other.stop(true);
  expect(readFileSync(join(root, 'y'), 'utf8')).toBe('none');
});

describe('a connection that breaks', () => {
  /** A server that sends so many bytes of the body at a time, then hangs up. */
  function breaking(body: string, piece: number, headers: string[], honours = true) {
    const asked: string[] = [];
    const server = Bun.listen({
      hostname: '127.0.0.1', port: 0,
      socket: {
        data(socket, bytes) {
          const text = bytes.toString();
          const from = honours ? Number(/^range: bytes=(\d+)-/im.exec(text)?.[1] ?? 0) : 0;
          asked.push(/^range: (.*)$/im.exec(text)?.[1]?.trim() ?? 'whole');
          const status = from ? `206 Partial Content\r\nContent-Range: bytes ${from}-${body.length - 1}/${body.length}` : '200 OK';
          socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length - from}\r\n${headers.join('\r\n')}\r\n\r\n${body.slice(from, from + piece)}`);
          // A break discards what has not been read yet: it comes when the piece is on the disk.
          void until(() => readdirSync(root).some((name) => (statSync(join(root, name), { throwIfNoEntry: false })?.size ?? 0) >= Math.min(body.length, from + piece))).catch(() => {}).then(() => socket.end());
        },
      },
    });
    return { url: `http://127.0.0.1:${server.port}/file.bin`, asked, stop: () => server.stop(true) };
  }
  const body = 'abcdefghij'.repeat(3000);

  test('goes on from the byte where it broke', async () => {
    const other = breaking(body, 12_000, ['ETag: "one"', 'Accept-Ranges: bytes']);
    const row = await go(other.url);
    other.stop();
    expect([row.state, row.error]).toEqual(['done', null]);
    expect(readFileSync(join(root, 'file.bin'), 'utf8')).toBe(body);
    expect(other.asked).toEqual(['whole', 'bytes=12000-', 'bytes=24000-']);
    expect(readdirSync(root)).toEqual(['file.bin']);
  });

  test('without a way to go on it fails, and leaves nothing', async () => {
    const other = breaking(body, 12_000, []);
    const row = await go(other.url);
    other.stop();
    expect([row.state, row.error?.en]).toEqual(['failed', 'The connection broke, and the server did not let it go on.']);
    expect(readdirSync(root)).toEqual([]);
  });

  test('a server that always begins anew is given up after some tries', async () => {
    const other = breaking(body, 12_000, ['ETag: "one"'], false);
    const row = await go(other.url);
    other.stop();
    expect(row.state).toBe('failed');
    expect(other.asked.length).toBeLessThan(40);
    expect(readdirSync(root)).toEqual([]);
  });
});

test('cancelled it stops at once and leaves nothing', async () => {
  let open = true;
  answer = () => new Response(new ReadableStream({ pull: async (c) => { c.enqueue(new Uint8Array(65_536)); await Bun.sleep(5); }, cancel: () => void (open = false) }));
  const id = await startFetch(t.app, operator, FetchInput.parse({ folder: root, url: at('/endless') }));
  await until(() => readdirSync(root).some((name) => name.includes('.mantou-') && statSync(join(root, name)).size > 100_000));
  t.app.tasks.cancel(id);
  await t.app.tasks.settled(id);
  await until(() => !open);
  expect(readdirSync(root)).toEqual([]);
});

needs('root')('S4 what a link in place of its part leads to does not get the owner of the file that is replaced', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'mantou-outside-'));
  writeFileSync(join(outside, 'secret'), 'secret');
  writeFileSync(join(root, 'x.txt'), 'old');
  chownSync(join(root, 'x.txt'), 65534, 65534);
  answer = () => new Response(new ReadableStream({
    start: (c) => c.enqueue(Buffer.from('n')),
    async pull(c) {
      await until(() => readdirSync(root).some((name) => name.includes('.mantou-')));
      const part = readdirSync(root).find((name) => name.includes('.mantou-'))!;
      renameSync(join(root, part), join(root, 'away'));
      symlinkSync(join(outside, 'secret'), join(root, part));
      c.enqueue(Buffer.from('ew'));
      c.close();
    },
  }, { highWaterMark: 0 }));
  await go(at('/x.txt'), { conflict: 'replace' });
  expect([statSync(join(outside, 'secret')).uid, readFileSync(join(outside, 'secret'), 'utf8')]).toEqual([process.getuid!(), 'secret']);
  rmSync(outside, { recursive: true });
});

test('the folder is told when the file is there, and a large one comes whole', async () => {
  const bytes = random(5_000_000);
  answer = () => new Response(Buffer.from(bytes, 'latin1'), { headers: { 'content-disposition': `attachment; filename*=UTF-8''%E4%B8%AD%E6%96%87.bin` } });
  const told: string[] = [];
  const off = t.app.bus.on('files.changed', ({ folder }) => void told.push(folder));
  const row = await go(at('/x'));
  off();
  expect([row.state, told]).toEqual(['done', [root]]);
  expect(readFileSync(join(root, '中文.bin')).equals(Buffer.from(bytes, 'latin1'))).toBe(true);
  expect(row.progress).toBe(1);
});

test('S4 names that servers give: one part, nothing that hides or leads elsewhere', () => {
  const name = (path: string, header: string | null = null, kind: 'posix' | 'windows' = 'posix') => suggestedName(kind, new URL(path, 'http://files.example'), header);
  expect(name('/a/b.tar.gz?x=1#y')).toBe('b.tar.gz');
  expect(name('/')).toBe('files.example');
  expect(name('/a/%E4%B8%AD.txt')).toBe('中.txt');
  expect(name('/a/%2e%2e%2fetc%2fpasswd')).toBe('passwd');
  expect(name('/%')).toBe('%');
  expect(name('/x', 'attachment; filename="../../etc/cron.d/x"')).toBe('x');
  expect(name('/x', 'attachment; filename="..\\\\..\\\\boot.ini"')).toBe('boot.ini');
  expect(name('/x', `attachment; filename="a.txt"; filename*=UTF-8''%E4%B8%AD.txt`)).toBe('中.txt');
  expect(name('/x', 'attachment; filename="\u202Egnp.exe"')).not.toContain('\u202E');
  expect(name('/ok', 'attachment; filename=".."')).toBe('ok');
  expect(name('/ok', 'attachment; filename=')).toBe('ok');
  expect(name('/ok', 'total; nonsense;;;=')).toBe('ok');
  expect(name('/CON', null, 'windows')).toBe('files.example');
  expect(name('/a:b?.txt', null, 'windows')).toBe('a_b');
  expect(Buffer.byteLength(name(`/${'%E4%B8%AD'.repeat(200)}.txt`))).toBeLessThanOrEqual(255);
  expect(name(`/${'x'.repeat(300)}.txt`)).toEndWith('.txt');
});
