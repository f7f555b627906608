/**
 * `bun test/bench/download.ts [--quick]`: downloads beside nginx's sendfile in one run, the same client (curl) and the same
 * file for both. Prints figures and ratios, and judges nothing.
 */
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../src/platform/exec.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { davServer } from './dav.ts';
import { alone, median, range, type Measured, type Note } from './figures.ts';
import { pssMiB, tree, watchMemory } from './process.ts';
import { writeSource } from './source.ts';

const MIB = 2 ** 20;

export async function benchDownloads(note: Note, { command, quick }: Measured) {
  const curl = which('curl');
  if (!curl) return note('downloads', 'left out: no curl');
  const size = (quick ? 256 : 1024) * MIB;
  const rounds = quick ? 5 : 9;
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-bench-download-')));
  const panel = await runPanel(command);
  const server = await davServer();
  try {
    const source = writeSource(join(work, 'source'), size);
    if (server) linkSync(source, join(server.files, 'source'));
    const cookie = await setUp(panel);
    const address = (path: string, more = '') => `${panel.url}/files/download?path=${encodeURIComponent(path)}${more}`;
    const pull = (url: string, length = size) => seconds(curl, url, cookie).then((took) => length / 1e6 / took);
    await pull(address(source));
    await Bun.sleep(2000);
    const idle = pssMiB(tree(panel.pid));
    const watch = watchMemory(panel.pid);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let i = 0; i < rounds; i++) {
      if (server) theirs.push(await pull(`${server.url}/source`));
      ours.push(await pull(address(source)));
    }
    const rate = (values: number[]) => range(values, 'MB/s', 0);
    if (theirs.length) note(`nginx sendfile, ${size / MIB} MiB`, rate(theirs));
    note(`download, ${size / MIB} MiB`, rate(ours), theirs.length ? `${(median(ours) / median(theirs)).toFixed(2)} × nginx, goal ≥ 1.0` : '');
    note('PSS at most above idle, all of these downloads', `${(watch.stop() - idle).toFixed(1)} MiB`, 'goal ≤ 40 MiB');
    await archives(note, join(work, 'tree'), 256 * MIB, (path, format) => address(path, `&as=${format}`), pull, panel.pid, idle);
    await many(note, join(work, 'small'), address, cookie, server, panel.pid);
  } finally {
    await server?.stop();
    await panel.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs curl and says how long it took. */
async function seconds(curl: string, url: string, cookie: string): Promise<number> {
  const start = performance.now();
  const child = Bun.spawn([curl, '--silent', '--show-error', '--fail', '--output', '/dev/null', '-H', `cookie: ${cookie}`, url], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  if ((await child.exited) !== 0) throw new Error('curl failed');
  return (performance.now() - start) / 1000;
}

/** A folder of files that are compressed already, as zip and as tar: how fast, and how much memory beside. */
async function archives(note: Note, folder: string, size: number, address: (path: string, format: string) => string, pull: (url: string, length: number) => Promise<number>, pid: number, idle: number) {
  mkdirSync(folder);
  const piece = Buffer.concat(Array.from({ length: 16 }, () => crypto.getRandomValues(new Uint8Array(65_536))));
  for (let i = 0; i < size / piece.length; i++) writeFileSync(join(folder, `${i}.jpg`), piece);
  for (const format of ['zip', 'tar']) {
    const watch = watchMemory(pid);
    const found = [await pull(address(folder, format), size), await pull(address(folder, format), size), await pull(address(folder, format), size)];
    note(`folder of ${size / MIB} MiB as ${format}`, `${median(found).toFixed(0)} MB/s`, `${(watch.stop() - idle).toFixed(1)} MiB above idle at most`);
  }
}

/** Small files, one request each, eight at a time; and what stays open afterwards. */
async function many(note: Note, folder: string, address: (path: string) => string, cookie: string, server: { url: string; files: string } | null, pid: number) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'small'), new Uint8Array(16_384));
  if (server) linkSync(join(folder, 'small'), join(server.files, 'small'));
  const count = 4000;
  const eight = async (url: string) => {
    let next = 0;
    const start = performance.now();
    const lane = async () => {
      while (next++ < count) await (await fetch(url, { headers: { cookie } })).arrayBuffer();
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    return count / ((performance.now() - start) / 1000);
  };
  const theirs = server ? await eight(`${server.url}/small`) : 0;
  const ours = await eight(address(join(folder, 'small')));
  note(`${count} downloads of 16 KiB`, `${ours.toFixed(0)} a second`, server ? `${(ours / theirs).toFixed(2)} × nginx (${theirs.toFixed(0)})` : '');
  // What is closed is closed by another thread.
  await Bun.sleep(500);
  const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  });
  note('descriptors of these files that are still open', String(open.length), 'goal 0');
}

if (import.meta.main) await alone(benchDownloads);
