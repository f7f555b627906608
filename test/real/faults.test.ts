import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** What goes wrong on real machines: each is told in words, and nothing that was saved is lost. */
const it = needs('linux');
const asRoot = needs('linux', 'root');
const mounts = needs('linux', 'root', 'unshare');
let mantou = '';
const folders: string[] = [];
const panels: RunningPanel[] = [];

if (it.ok) beforeAll(async () => void (mantou = await executable()));
afterAll(async () => {
  for (const panel of panels) await panel.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'mantou-faults-'));
  folders.push(made);
  return made;
}

async function start(dataDir: string, command: readonly string[] = [mantou]): Promise<RunningPanel> {
  const panel = await runPanel(command, { dataDir });
  panels.push(panel);
  return panel;
}

/** `serve`, expected to end by itself. `via` is put before the executable. */
async function refused(dataDir: string, args: string[] = [], via: string[] = []) {
  const argv = [...via, mantou, 'serve', '--port', '0', '--data-dir', dataDir, ...args];
  const child = Bun.spawn(argv, { env: {}, cwd: '/', stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  expect(out).toBe('');
  expect(err.trim().split('\n')).toHaveLength(1);
  return { code, err: err.trim() };
}

/** Runs what follows with a file system of its own on `dataDir`, which ends with it. */
const mounted = (options: string, dataDir: string) => ['/usr/bin/unshare', '-m', '/bin/sh', '-c', `mount -t tmpfs -o ${options} none "$0" && exec "$@"`, dataDir];

async function bearer(dataDir: string, via: string[] = []): Promise<string> {
  const child = Bun.spawn([...via, mantou, 'token', 'add', '--user', 'lin', '--name', 'test', '--data-dir', dataDir], { env: {}, stdout: 'pipe', stderr: 'inherit' });
  return (await child.stdout.text()).trim();
}

/** A change that leaves a row in the audit log. */
const change = (panel: RunningPanel, token: string, auditDays: number) =>
  fetch(`${panel.url}/api/v1/settings`, {
    method: 'PATCH', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ auditDays }),
  });

function readAudit(path: string): { rows: number; integrity: string } {
  using db = new Database(path, { readwrite: true });
  const { rows } = db.query(`SELECT count(*) AS rows FROM audit WHERE action LIKE 'settings.%'`).get() as { rows: number };
  const { integrity_check: integrity } = db.query('PRAGMA integrity_check').get() as { integrity_check: string };
  return { rows, integrity };
}

describe('the address', () => {
  it('is in use: says which, and by what to choose another', async () => {
    const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('') });
    const { port } = other;
    const { code, err } = await refused(folder(), ['--port', String(port)]);
    await other.stop(true);
    expect({ code, err }).toEqual({ code: 1, err: `mantou: 127.0.0.1:${port} is already in use. Stop the program that holds it, or name another port with --port.` });
  });

  it('is in use by another panel: the two do not share it', async () => {
    const first = await start(folder());
    const { port } = new URL(first.url);
    const { code, err } = await refused(folder(), ['--port', port]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`127.0.0.1:${port} is already in use`) });
  });

  it('is none of this machine', async () => {
    const { code, err } = await refused(folder(), ['--host', '192.0.2.213']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('no address 192.0.2.213') });
  });
});

describe('the data directory', () => {
  asRoot('belongs to somebody else', async () => {
    const place = folder();
    chmodSync(place, 0o755);
    const copy = join(place, 'mantou');
    copyFileSync(mantou, copy);
    chmodSync(copy, 0o755);
    mkdirSync(join(place, 'data'), { mode: 0o755 });
    const child = Bun.spawnSync(['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', copy, 'serve', '--port', '0', '--data-dir', join(place, 'data')], { env: {}, cwd: '/' });
    expect(child.exitCode).toBe(1);
    expect(child.stderr.toString()).toContain(`The data directory ${join(place, 'data')} belongs to the user with id 0, and the panel runs as 65534`);
  });

  mounts('is read-only, which root notices too', async () => {
    const dataDir = folder();
    const { code, err } = await refused(dataDir, [], mounted('ro', dataDir));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('file system is read-only') });
  });

  it('is a file', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, 'mine');
    const { code, err } = await refused(path);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`The data directory ${path} cannot be used`) });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  mounts('is full before the start', async () => {
    const dataDir = folder();
    const full = ['/usr/bin/unshare', '-m', '/bin/sh', '-c', 'mount -t tmpfs -o size=64k none "$0" && { cat /dev/zero > "$0/fill" 2>/dev/null; exec "$@"; }', dataDir];
    const { code, err } = await refused(dataDir, [], full);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('is full') });
  });

  mounts('fills while the panel runs: it keeps answering, says so, and goes on when there is space again', async () => {
    const dataDir = folder();
    const panel = await start(dataDir, [...mounted('size=8m', dataDir), mantou]);
    // The mount is seen by the panel alone; we reach it through the panel's own root, the command line by its namespace.
    const inside = join('/proc', String(panel.pid), 'root', dataDir);
    const cookie = await setUp(panel);
    const token = await bearer(dataDir, ['/usr/bin/nsenter', '--mount', '--target', String(panel.pid)]);
    let saved = 0;
    const save = async () => {
      const answer = await change(panel, token, 100 + (saved % 50));
      if (answer.status === 200) saved++;
      return answer;
    };
    for (let n = 0; n < 20; n++) await save();
    expect(saved).toBe(20);
    Bun.spawnSync(['/bin/sh', '-c', 'cat /dev/zero > "$0/fill"', inside], { stderr: 'ignore' });
    const refusals = [];
    for (let n = 0; n < 400 && refusals.length < 20; n++) {
      const answer = await save();
      if (answer.status !== 200) refusals.push({ status: answer.status, body: (await answer.json()) as { detail: string } });
    }
    expect(refusals).toHaveLength(20);
    for (const { status, body } of refusals) expect({ status, detail: body.detail }).toEqual({ status: 503, detail: expect.stringContaining('is full') });
    expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
    const page = await fetch(panel.url, { headers: { cookie } });
    expect(page.status).toBe(200);
    const told = await fetch(`${panel.url}/settings`, { method: 'GET', headers: { cookie } });
    expect(told.status).toBe(200);
    rmSync(join(inside, 'fill'));
    const before = saved;
    for (let n = 0; n < 5; n++) await save();
    expect(saved).toBe(before + 5);
    const copy = folder();
    expect(Bun.spawnSync(['/bin/sh', '-c', 'cp "$0"/mantou.db* "$1"', inside, copy]).exitCode).toBe(0);
    expect(readAudit(join(copy, 'mantou.db'))).toEqual({ rows: saved, integrity: 'ok' });
    expect(await panel.stop()).toBe(0);
  });
});

describe('the database', () => {
  async function made(): Promise<{ dataDir: string; path: string }> {
    const dataDir = folder();
    await (await start(dataDir)).stop();
    return { dataDir, path: join(dataDir, 'mantou.db') };
  }

  it('is not one: it is left as it is', async () => {
    const { dataDir, path } = await made();
    writeFileSync(path, 'steamed buns, not rows\n'.repeat(400));
    const before = readFileSync(path);
    const { code, err } = await refused(dataDir);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`${path} is damaged and was left as it is`) });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('was written by a newer version: it is left as it is', async () => {
    const { dataDir, path } = await made();
    using db = new Database(path);
    db.run('PRAGMA user_version = 999');
    db.close();
    const { code, err } = await refused(dataDir);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('was written by a newer Mantou (format 999') });
    using again = new Database(path);
    expect(again.query('PRAGMA user_version').get()).toEqual({ user_version: 999 });
  });

  it('the key beside it is broken', async () => {
    const { dataDir } = await made();
    writeFileSync(join(dataDir, 'secret.key'), 'short\n');
    const { code, err } = await refused(dataDir);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('secret.key is not a key of 32 bytes') });
  });

  it('doctor finds the damage, and ends with 1', async () => {
    const { dataDir, path } = await made();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096 * 5, 4096 * 9);
    writeFileSync(path, bytes);
    const child = Bun.spawnSync([mantou, 'doctor', '--data-dir', dataDir], { env: {} });
    expect(child.exitCode).toBe(1);
    expect(child.stdout.toString()).toMatch(/^fail {2}database: .*is damaged/m);
  });
});

describe('config.toml', () => {
  const cases: [string, string, string][] = [
    ['does not parse', '# mine\nhost = "::"\nport = = 1\n# yours\n', 'config.toml:3: Expected a value'],
    ['has an unknown key', 'prot = 1\n', 'unknown key prot; accepted: host, port'],
    ['has a value that is not accepted', 'port = 70000\n', 'config.toml: port: 70000 is not accepted; give a number from 0 to 65535'],
    ['has a value of the wrong kind', 'host = [1]\n', 'config.toml: host: [1] is not accepted; give an IP address or a host name'],
  ];
  for (const [what, text, told] of cases) {
    it(what, async () => {
      const dataDir = folder();
      writeFileSync(join(dataDir, 'config.toml'), text);
      const child = Bun.spawnSync([mantou, 'serve', '--data-dir', dataDir], { env: {} });
      expect({ code: child.exitCode, lines: child.stderr.toString().trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
      expect(child.stderr.toString()).toContain(told);
      expect(readFileSync(join(dataDir, 'config.toml'), 'utf8')).toBe(text);
      expect(existsSync(join(dataDir, 'mantou.db'))).toBe(false);
    });
  }
});

describe('kill -9', () => {
  it('under load, again and again: no committed row is lost', async () => {
    const dataDir = folder();
    let panel = await start(dataDir);
    await setUp(panel);
    const token = await bearer(dataDir);
    let acknowledged = 0;
    for (let round = 0; round < 5; round++) {
      let running = true;
      const writers = [0, 1, 2, 3].map(async (writer) => {
        // No value twice in a row, whoever is first: what changes nothing leaves no row.
        for (let n = 0; running; n++) {
          const answer = await change(panel, token, 100 + writer * 800 + (n % 700)).catch(() => null);
          if (answer?.status === 200) acknowledged++;
        }
      });
      await Bun.sleep(150 + round * 70);
      // A slow machine takes longer until it is under load.
      await until(() => acknowledged > 25 * (round + 1));
      panel.kill('SIGKILL');
      await panel.exited;
      running = false;
      await Promise.all(writers);
      panel = await start(dataDir);
      const { rows, integrity } = readAudit(join(dataDir, 'mantou.db'));
      expect(integrity).toBe('ok');
      // A row may be there whose answer was cut off, one for each writer and round; none may be missing.
      expect(rows).toBeGreaterThanOrEqual(acknowledged);
      expect(rows).toBeLessThanOrEqual(acknowledged + 4 * (round + 1));
      expect((await change(panel, token, 99)).status).toBe(200);
      acknowledged++;
    }
    expect(acknowledged).toBeGreaterThan(100);
    expect(panel.errorLog()).toBe('');
  });

  it('at any moment of the first start: the next one is a first start again', async () => {
    for (let round = 0; round < 12; round++) {
      const dataDir = folder();
      const child = Bun.spawn([mantou, 'serve', '--host', '0.0.0.0', '--port', '0', '--data-dir', dataDir], { env: {}, stdout: 'ignore', stderr: 'ignore' });
      await Bun.sleep(15 + round * 9);
      child.kill('SIGKILL');
      await child.exited;
      const panel = await start(dataDir);
      expect(panel.setupUrl).not.toBeNull();
      expect(panel.errorLog()).toBe('');
      await panel.stop();
    }
  });
});
