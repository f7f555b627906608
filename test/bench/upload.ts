/**
 * `bun test/bench/upload.ts [--quick]`: uploads beside nginx in one run, the same client (curl) and the same disk for both.
 * Prints figures and ratios, and judges nothing.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../src/platform/exec.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { davServer } from './dav.ts';
import { alone, median, range, type Measured, type Note } from './figures.ts';
import { pssMiB, tree, watchMemory } from './process.ts';
import { writeSource } from './source.ts';

const MIB = 2 ** 20;
const CHUNK = 8 * MIB;
const OFFSET = 'application/offset+octet-stream';

export async function benchUploads(note: Note, { command, quick }: Measured) {
  const curl = which('curl');
  if (!curl) return note('uploads', 'left out: no curl');
  const size = (quick ? 256 : 1024) * MIB;
  const rounds = quick ? 3 : 5;
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-bench-upload-')));
  const target = join(work, 'target');
  mkdirSync(target);
  const source = writeSource(join(work, 'source'), size);
  const panel = await runPanel(command);
  const dav = await davServer();
  try {
    const headers = { cookie: await setUp(panel), origin: panel.url };
    const us = { url: panel.url, headers, target, curl, work };
    // Once beforehand: what is compiled at first use is not what is measured.
    await whole(us, source, size);
    await Bun.sleep(2000);
    const idle = pssMiB(tree(panel.pid));
    const watch = watchMemory(panel.pid);
    const [one, chunks, theirs]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < rounds; i++) {
      if (dav) theirs.push(await davPut(curl, dav, source, size));
      one.push(await whole(us, source, size));
      chunks.push(await inChunks(us, source, size));
    }
    const rate = (values: number[]) => range(values, 'MB/s', 0);
    const ratio = (values: number[], goal: string) => (theirs.length ? `${(median(values) / median(theirs)).toFixed(2)} × nginx, goal ≥ ${goal}` : '');
    if (theirs.length) note(`nginx DAV PUT of ${size / MIB} MiB`, rate(theirs));
    note(`tus, ${size / MIB} MiB in one PATCH`, rate(one), ratio(one, '1.0'));
    note(`tus, ${size / MIB} MiB in chunks of 8 MiB`, rate(chunks), ratio(chunks, '0.6'));
    note('PSS at most above idle, all of these uploads', `${(watch.stop() - idle).toFixed(1)} MiB`, 'goal ≤ 40 MiB');
    await small(note, us, dav, quick ? 1000 : 10_000, rounds);
  } finally {
    await dav?.stop();
    await panel.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

interface Us {
  url: string;
  headers: Record<string, string>;
  target: string;
  curl: string;
  work: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
let made = 0;

async function begin({ url, headers, target }: Us, size: number): Promise<{ at: string; name: string }> {
  const name = `file-${made++}`;
  const answer = await fetch(`${url}/files/upload`, {
    method: 'POST',
    headers: { ...headers, 'tus-resumable': '1.0.0', 'upload-length': String(size), 'upload-metadata': `path ${base64(target)},filename ${base64(name)}` },
  });
  if (answer.status !== 201) throw new Error(`begin: ${answer.status} ${await answer.text()}`);
  return { at: url + answer.headers.get('location')!, name };
}

/** Runs curl and says how long it took, in seconds. */
async function timed(argv: string[]): Promise<number> {
  const start = performance.now();
  const child = Bun.spawn([...argv, '--silent', '--show-error', '--fail', '--output', '/dev/null'], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  if ((await child.exited) !== 0) throw new Error(`${argv[0]} failed`);
  return (performance.now() - start) / 1000;
}

const patchHeaders = (headers: Record<string, string>, offset: number) =>
  ['Expect:', 'Tus-Resumable: 1.0.0', `Content-Type: ${OFFSET}`, `Upload-Offset: ${offset}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];

async function whole(us: Us, source: string, size: number): Promise<number> {
  const { at, name } = await begin(us, size);
  const seconds = await timed([us.curl, '-X', 'PATCH', '-T', source, ...patchHeaders(us.headers, 0).flatMap((line) => ['-H', line]), at]);
  rmSync(join(us.target, name));
  return size / 1e6 / seconds;
}

async function inChunks(us: Us, source: string, size: number): Promise<number> {
  const { at, name } = await begin(us, size);
  const folder = join(us.work, 'chunks');
  mkdirSync(folder, { recursive: true });
  const calls: string[] = [];
  for (let offset = 0; offset < size; offset += CHUNK) {
    const piece = join(folder, String(offset));
    if (!existsSync(piece)) await Bun.write(piece, await Bun.file(source).slice(offset, offset + CHUNK).bytes());
    calls.push([`url = "${at}"`, 'request = PATCH', `upload-file = "${piece}"`, 'output = /dev/null', 'fail', ...patchHeaders(us.headers, offset).map((line) => `header = "${line}"`)].join('\n'));
  }
  const config = join(us.work, 'curl.conf');
  writeFileSync(config, calls.join('\nnext\n'));
  const seconds = await timed([us.curl, '-K', config]);
  if (!existsSync(join(us.target, name))) throw new Error('the chunks did not become a file');
  rmSync(join(us.target, name));
  return size / 1e6 / seconds;
}

async function davPut(curl: string, dav: { url: string; files: string }, source: string, size: number): Promise<number> {
  const name = `file-${made++}`;
  const seconds = await timed([curl, '-T', source, '-H', 'Expect:', `${dav.url}/${name}`]);
  rmSync(join(dav.files, name));
  return size / 1e6 / seconds;
}

/** A folder of many small files: one request each, three at a time, as the page does it; in turns with nginx. */
async function small(note: Note, us: Us, dav: { url: string } | null, count: number, rounds: number) {
  const body = crypto.getRandomValues(new Uint8Array(4096));
  const threes = async (send: (n: number) => Promise<Response>) => {
    let next = 0;
    const start = performance.now();
    const lane = async () => {
      for (let n = next++; n < count; n = next++) {
        const answer = await send(n);
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    return count / ((performance.now() - start) / 1000);
  };
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const folder = `many${round}`;
    if (dav) theirs.push(await threes((n) => fetch(`${dav.url}/${folder}/${n % 100}/${n}`, { method: 'PUT', body })));
    ours.push(await threes((n) =>
      fetch(`${us.url}/files/upload`, {
        method: 'POST', body,
        headers: {
          ...us.headers, 'tus-resumable': '1.0.0', 'upload-length': String(body.length), 'content-type': OFFSET,
          'upload-metadata': `path ${base64(us.target)},filename ${base64(String(n))},relativePath ${base64(`${folder}/${n % 100}/${n}`)}`,
        },
      }),
    ));
    const there = readdirSync(join(us.target, folder)).flatMap((one) => readdirSync(join(us.target, folder, one)));
    if (there.length !== count) throw new Error(`${there.length} of ${count} files`);
  }
  if (dav) note(`nginx DAV PUT, ${count} files of 4 KiB in 100 folders`, range(theirs, 'files/s', 0));
  note(`tus, ${count} files of 4 KiB in 100 folders`, range(ours, 'files/s', 0), dav ? `${(median(ours) / median(theirs)).toFixed(2)} × nginx` : '');
}

if (import.meta.main) await alone(benchUploads);
