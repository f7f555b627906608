import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { issueSelfSigned } from '../../src/core/certificate/issue.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type PanelOptions, type RunningPanel } from '../support/panel.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

/** The process: how it starts, is restarted, and ends. */
const it = needs('linux');
let mantou = '';
const folders: string[] = [];
const panels: RunningPanel[] = [];

if (it.ok) beforeAll(async () => void (mantou = await executable()));
afterAll(async () => {
  for (const panel of panels) await panel.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'mantou-serve-'));
  folders.push(made);
  return made;
}

async function start(options: PanelOptions = {}): Promise<RunningPanel> {
  const panel = await runPanel([mantou], { dataDir: folder(), ...options });
  panels.push(panel);
  return panel;
}

interface Ran {
  code: number;
  out: string;
  err: string;
}

async function run(args: string[], input = '', env: Record<string, string> = {}): Promise<Ran> {
  const child = Bun.spawn([mantou, ...args], { stdin: new TextEncoder().encode(input), stdout: 'pipe', stderr: 'pipe', env, cwd: tmpdir() });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

/** An open stream of the dashboard; `heard` grows. */
async function listen(panel: RunningPanel, cookie: string) {
  const answer = await fetch(`${panel.url}/dashboard/stream`, { headers: { cookie }, tls: { rejectUnauthorized: false } } as RequestInit);
  const stream = { status: answer.status, heard: '', ended: Promise.resolve(0) };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) stream.heard += decoder.decode(chunk, { stream: true });
    return performance.now();
  };
  stream.ended = read().catch(() => performance.now());
  return stream;
}

const bye = (heard: string) => JSON.parse(/event: bye\ndata: (.*)\n/.exec(heard)?.[1] ?? 'null') as { reason: string } | null;

function servedFingerprint(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw).fingerprint256);
      socket.end();
    });
    socket.on('error', reject);
  });
}

describe('start', () => {
  it('on loopback speaks plain HTTP, says where it keeps things and how to reach it from elsewhere', async () => {
    const panel = await start();
    expect(panel.url).toStartWith('http://127.0.0.1:');
    expect(panel.console()).toContain(`Data directory: ${panel.dataDir}`);
    expect(panel.console()).toContain(`ssh -L ${new URL(panel.url).port}:127.0.0.1:`);
    expect(panel.console()).not.toContain('fingerprint');
    expect(panel.console()).not.toContain('\x1b');
  });

  it('S20 the data directory is closed to others, also one that was open before', async () => {
    const dataDir = folder();
    chmodSync(dataDir, 0o755);
    const panel = await start({ dataDir, args: ['--host', '0.0.0.0'] });
    await setUp(panel);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    const open = (readdirSync(dataDir, { recursive: true }) as string[]).filter((name) => statSync(join(dataDir, name)).mode & 0o077);
    expect(open).toEqual([]);
  });

  it('on other addresses speaks TLS with HTTP/2 under the certificate whose fingerprint it printed', async () => {
    const panel = await start({ args: ['--host', '0.0.0.0'] });
    expect(panel.url).toStartWith('https://');
    expect(panel.url).not.toContain('0.0.0.0');
    expect(panel.console()).toContain(await servedFingerprint(panel.url));
    const curl = Bun.spawnSync(['curl', '-sk', '-o', '/dev/null', '-w', '%{http_version} %{http_code}', `${panel.url}/healthz`]);
    expect(curl.stdout.toString()).toBe('2 200');
  });

  it('on :: answers over IPv6 and IPv4', async () => {
    const panel = await start({ args: ['--host', '::'] });
    const { port } = new URL(panel.url);
    const hosts = ['127.0.0.1', ...(existsSync('/proc/net/if_inet6') ? ['[::1]'] : [])];
    for (const host of hosts) {
      const answer = await fetch(`https://${host}:${port}/healthz`, { tls: { rejectUnauthorized: false } } as RequestInit);
      expect(answer.status, host).toBe(200);
    }
  });

  it('S9 prints another setup token at each start, until one was used', async () => {
    const dataDir = folder();
    const one = await start({ dataDir });
    const first = one.setupUrl;
    await one.stop();
    const two = await start({ dataDir });
    expect(two.setupUrl).toMatch(/\/setup#[\w-]{43}$/);
    expect(two.setupUrl!.split('#')[1]).not.toBe(first!.split('#')[1]);
    await setUp(two);
    await two.stop();
    const three = await start({ dataDir });
    expect(three.console()).not.toContain('/setup');
  });

  it('says it in Chinese where the locale is', async () => {
    const panel = await start({ env: { LANG: 'zh_CN.UTF-8' } });
    expect(panel.console()).toContain('馒头');
    expect(panel.console()).toContain('数据目录');
  });

  it('refuses plain HTTP on an address that others reach, unless a proxy is named', async () => {
    const refused = await run(['serve', '--host', '0.0.0.0', '--port', '0', '--no-tls', '--data-dir', folder()]);
    expect({ code: refused.code, lines: refused.err.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(refused.err).toContain('--trusted-proxy');
    const panel = await start({ args: ['--host', '0.0.0.0', '--no-tls', '--trusted-proxy', '10.0.0.0/8'] });
    expect(panel.url).toStartWith('http://');
    expect(panel.console()).toContain('under the address of the proxy');
  });

  it('in portable mode keeps everything beside the executable', async () => {
    const place = folder();
    const copy = join(place, 'mantou');
    copyFileSync(mantou, copy);
    chmodSync(copy, 0o755);
    writeFileSync(join(place, 'mantou.portable'), '');
    const child = Bun.spawn([copy, '--port', '0'], { env: {}, cwd: '/', stdout: 'pipe', stderr: 'inherit' });
    await until(() => existsSync(join(place, 'data', 'panel.json')));
    child.kill('SIGTERM');
    expect(await child.exited).toBe(0);
    expect(await child.stdout.text()).toContain(`Data directory: ${join(place, 'data')}`);
    const listed = Bun.spawnSync([copy, 'user', 'list'], { env: {}, cwd: '/' });
    expect({ code: listed.exitCode, out: listed.stdout.toString() }).toEqual({ code: 0, out: '' });
  });
});

describe('the data directory', () => {
  it('has one panel; the second says who is there', async () => {
    const panel = await start();
    const second = await run(['serve', '--port', '0', '--data-dir', panel.dataDir]);
    expect(second).toEqual({ code: 1, out: '', err: expect.stringContaining(`pid ${panel.pid}, ${panel.url}`) });
    expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
  });

  it('is free at once when its panel was killed', async () => {
    const dataDir = folder();
    const panel = await start({ dataDir });
    panel.kill('SIGKILL');
    await panel.exited;
    const next = await start({ dataDir });
    expect(next.pid).not.toBe(panel.pid);
    expect(next.errorLog()).toBe('');
  });
});

/** The promise is five seconds, in which a slow machine that runs many tests at once may not even get to it. */
const STOP_MS = 20_000;

describe('stop', () => {
  it('SIGTERM: streams hear it, the database is in one file again, exit code 0 within 5 s', async () => {
    const dataDir = folder();
    const panel = await start({ dataDir });
    const cookie = await setUp(panel);
    const streams = await Promise.all([listen(panel, cookie), listen(panel, cookie), listen(panel, cookie)]);
    await until(() => streams.every(({ heard }) => heard.length > 0));
    const begin = performance.now();
    expect(await panel.stop()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(STOP_MS);
    await Promise.all(streams.map(({ ended }) => ended));
    for (const { heard } of streams) expect(bye(heard)).toMatchObject({ reason: 'stop' });
    expect(existsSync(join(dataDir, 'mantou.db-wal'))).toBe(false);
    expect(existsSync(join(dataDir, 'panel.json'))).toBe(false);
    expect(panel.errorLog()).toBe('');
  });

  it('a stop that comes again and again, up to the last moment, writes the database back', async () => {
    for (let round = 0; round < 5; round++) {
      const dataDir = folder();
      const panel = await start({ dataDir });
      let gone = false;
      void panel.exited.then(() => (gone = true));
      for (let times = 0; !gone && times < 280; times++) {
        panel.kill('SIGTERM');
        await Bun.sleep(1);
      }
      await panel.exited;
      expect(existsSync(join(dataDir, 'mantou.db-wal'))).toBe(false);
      expect(panel.errorLog()).toBe('');
    }
  });

  it('a request that never ends does not hold it, a second Ctrl-C ends it at once', async () => {
    for (const [signals, code] of [[['SIGINT'], 0], [['SIGINT', 'SIGINT'], 130]] as const) {
      const panel = await start();
      const { port } = new URL(panel.url);
      const socket = connectTcp(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`POST /setup HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\norigin: ${panel.url}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nname=`);
      // What came over the one before another was made has been read when that is answered.
      await once(socket, 'connect');
      expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
      const begin = performance.now();
      panel.kill(signals[0]);
      await until(() => panel.console().includes('Stopping'));
      // Sooner it would be the same stop that comes by another way (cli/signals.ts).
      await Bun.sleep(350);
      if (signals[1]) panel.kill(signals[1]);
      expect(await panel.exited).toBe(code);
      expect(performance.now() - begin).toBeLessThan(STOP_MS);
      socket.destroy();
    }
  });
});

describe('restart', () => {
  it('replaces the process under the same pid; sessions stay and streams hear why they end', async () => {
    const panel = await start({ args: ['--host', '0.0.0.0', '--port', String(freePort())] });
    const cookie = await setUp(panel);
    const stream = await listen(panel, cookie);
    const fingerprint = await servedFingerprint(panel.url);
    for (const times of [2, 3]) {
      await restart(panel, cookie);
      await until(() => panel.console().split('is ready:').length === times + 1 && answers(panel.url));
    }
    await stream.ended;
    expect(bye(stream.heard)).toMatchObject({ reason: 'restart' });
    process.kill(panel.pid, 0);
    const page = await fetch(panel.url, { headers: { cookie }, tls: { rejectUnauthorized: false } } as RequestInit);
    expect(page.status).toBe(200);
    expect(await servedFingerprint(panel.url)).toBe(fingerprint);
    expect(panel.errorLog()).toBe('');
    // What it held before is closed: one database, one lock.
    const held = readdirSync(`/proc/${panel.pid}/fd`).map((fd) => linkOf(`/proc/${panel.pid}/fd/${fd}`)).filter((link) => /\/(mantou\.db|panel\.lock)$/.test(link));
    expect(held.sort()).toEqual([join(panel.dataDir, 'mantou.db'), join(panel.dataDir, 'panel.lock')]);
    expect(await panel.stop()).toBe(0);
  });

  const linkOf = (path: string) => {
    try {
      return readlinkSync(path);
    } catch {
      return '';
    }
  };
  const answers = (url: string) => fetch(`${url}/healthz`, { tls: { rejectUnauthorized: false } } as RequestInit).then((a) => a.ok, () => false);

  async function restart(panel: RunningPanel, cookie: string) {
    const answer = await fetch(`${panel.url}/power/panel`, {
      method: 'POST', headers: { origin: panel.url, cookie }, body: new URLSearchParams({ confirm: hostname() }), tls: { rejectUnauthorized: false },
    } as RequestInit);
    expect(answer.status).toBe(200);
  }
});

describe('certificate files', () => {
  it('are served anew when they change, and open streams go on', async () => {
    const place = folder();
    const [cert, key] = [join(place, 'cert.pem'), join(place, 'key.pem')];
    const put = async (name: string) => {
      const pair = await issueSelfSigned([name, '127.0.0.1'], Date.now(), systemRandom);
      writeFileSync(cert, pair.cert);
      writeFileSync(key, pair.key);
      return new X509Certificate(pair.cert).fingerprint256;
    };
    const first = await put('one');
    const panel = await start({ args: ['--tls-cert', cert, '--tls-key', key] });
    expect(panel.url).toStartWith('https://');
    expect(await servedFingerprint(panel.url)).toBe(first);
    const stream = await listen(panel, await setUp(panel));
    await until(() => stream.heard.length > 0);
    const second = await put('two');
    await until(async () => (await servedFingerprint(panel.url).catch(() => '')) === second);
    const before = stream.heard.length;
    await until(() => stream.heard.length > before);
    expect(await panel.stop()).toBe(0);
    await stream.ended;
    expect(bye(stream.heard)).toMatchObject({ reason: 'stop' });
    expect(panel.errorLog()).toBe('');
  });

  it('that do not fit are refused in one line', async () => {
    const place = folder();
    const [one, two] = await Promise.all(['one', 'two'].map((name) => issueSelfSigned([name], Date.now(), systemRandom)));
    writeFileSync(join(place, 'cert.pem'), one!.cert);
    writeFileSync(join(place, 'key.pem'), two!.key);
    const refused = await run(['serve', '--port', '0', '--data-dir', folder(), '--tls-cert', join(place, 'cert.pem'), '--tls-key', join(place, 'key.pem')]);
    expect({ code: refused.code, out: refused.out }).toEqual({ code: 1, out: '' });
    expect(refused.err.trim()).toBe(`mantou: The private key in ${place}/key.pem does not belong to the certificate in ${place}/cert.pem. Give the two files of one pair.`);
  });
});

describe('commands beside a running panel', () => {
  it('S10 a new password ends the open streams of the user within a second', async () => {
    const panel = await start();
    const cookie = await setUp(panel);
    const stream = await listen(panel, cookie);
    await until(() => stream.heard.length > 0);
    const set = await run(['user', 'reset-password', 'lin', '--password-stdin', '--data-dir', panel.dataDir], 'another bun 2027\n');
    const begin = performance.now();
    expect({ code: set.code, err: set.err }).toEqual({ code: 0, err: '' });
    // The promise is one second; a slow machine that runs many tests at once gets ten.
    expect((await stream.ended) - begin).toBeLessThan(10_000);
    expect(stream.heard).toContain('event: signed-out');
    const page = await fetch(panel.url, { headers: { cookie }, redirect: 'manual' });
    expect(page.headers.get('location')).toContain('/signin');
    const signIn = (password: string) =>
      fetch(`${panel.url}/signin`, { method: 'POST', redirect: 'manual', headers: { origin: panel.url }, body: new URLSearchParams({ name: 'lin', password }) });
    expect((await signIn('steamed bun 2026')).status).toBe(422);
    expect((await signIn('another bun 2027')).status).toBe(303);
  });

  it('a token is alone on standard output and works', async () => {
    const panel = await start();
    await setUp(panel);
    const made = await run(['token', 'add', '--user', 'lin', '--name', 'ci', '--expires', '30d', '--data-dir', panel.dataDir]);
    expect(made).toEqual({ code: 0, out: expect.stringMatching(/^\S+\n$/), err: '' });
    const answer = await fetch(`${panel.url}/api/v1/system`, { headers: { authorization: `Bearer ${made.out.trim()}` } });
    expect(answer.status).toBe(200);
  });

  it('users are made before the panel ever ran', async () => {
    const dataDir = join(folder(), 'new');
    const add = await run(['user', 'add', 'mei', '--role', 'admin', '--password-stdin', '--data-dir', dataDir], 'steamed bun 2026\n');
    expect({ code: add.code, err: add.err }).toEqual({ code: 0, err: '' });
    expect((await run(['user', 'list', '--data-dir', dataDir])).out).toBe('mei\tadmin\t-\tactive\n');
    const panel = await start({ dataDir });
    expect(panel.console()).not.toContain('/setup');
  });
});

it('S20 root at work in the data directory of somebody else leaves no file of root there', async () => {
  if (process.getuid?.() !== 0) return;
  const dataDir = join(folder(), 'mine');
  chmodSync(join(dataDir, '..'), 0o755);
  mkdirSync(dataDir, { mode: 0o700 });
  Bun.spawnSync(['chown', '65534:65534', dataDir]);
  const add = await run(['user', 'add', 'mei', '--role', 'admin', '--password-stdin', '--data-dir', dataDir], 'steamed bun 2026\n');
  expect({ code: add.code, err: add.err }).toEqual({ code: 0, err: '' });
  const owners = (readdirSync(dataDir, { recursive: true }) as string[]).map((name) => statSync(join(dataDir, name)).uid);
  expect(new Set(owners)).toEqual(new Set([65534]));
});

test('the sources start as the executable does', async () => {
  const panel = await runPanel([process.execPath, 'src/main.ts']);
  expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
  expect(await panel.stop()).toBe(0);
});
