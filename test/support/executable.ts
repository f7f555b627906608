/**
 * The compiled executable, built once for all tests that use it and again when what goes into it has changed.
 * It lies outside the project, so that a test can hide the sources from it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { listFiles } from '../../src/http/asset-files.ts';

export const root = join(import.meta.dir, '..', '..');

/** Where tests keep what takes long to make. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mantou-test');

const KEPT = 4;

/** @returns the path of an executable for that target, made of the sources as they are now */
export async function executable(target = 'linux-x64'): Promise<string> {
  const name = `mantou-${target}${target.startsWith('windows') ? '.exe' : ''}`;
  const builds = join(cache, 'builds');
  const folder = join(builds, `${target}-${sourceKey()}`);
  mkdirSync(builds, { recursive: true });
  await locked(join(builds, `${target}.lock`), async () => {
    // It is in use: the sources of others, which are built meanwhile, do not make it an old one.
    if (existsSync(folder)) return utimesSync(folder, new Date(), new Date());
    const fresh = `${folder}.new-${process.pid}`;
    const argv = [process.execPath, 'build.ts', '--no-check', '--target', target, '--outdir', fresh];
    const build = Bun.spawn(argv, { cwd: root, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
    const [out, err, code] = await Promise.all([build.stdout.text(), build.stderr.text(), build.exited]);
    if (code !== 0) throw new Error(`The executable could not be built:\n${out}${err}`);
    renameSync(fresh, folder);
    forgetOld(builds, target);
  });
  return join(folder, name);
}

/** Everything that the executable is made of, by content. */
function sourceKey(): string {
  const hash = createHash('sha256');
  const single = ['build.ts', 'package.json', 'bun.lock', 'tsconfig.json', 'LICENSE'];
  const folders = ['src', 'public', 'scripts'].flatMap((folder) => listFiles(join(root, folder), `${folder}/`));
  for (const path of [...single, ...folders].filter((path) => !/\.test\.tsx?$/.test(path))) {
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex').slice(0, 16);
}

function forgetOld(builds: string, target: string): void {
  const made = readdirSync(builds)
    .filter((name) => name.startsWith(`${target}-`) && /^[0-9a-f]{16}$/.test(name.slice(target.length + 1)))
    .map((name) => ({ path: join(builds, name), time: statSync(join(builds, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const old of made.slice(KEPT)) rmSync(old.path, { recursive: true, force: true });
}

/** One at a time over all test processes: the lock is a file with the holder's pid, and dies with the holder. */
export async function locked<T>(path: string, work: () => Promise<T>, patience = 10 * 60_000): Promise<T> {
  const deadline = Date.now() + patience;
  while (!take(path)) {
    if (Date.now() > deadline) throw new Error(`${path} is held by another test run for too long.`);
    await Bun.sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = holderOf(path);
    // An empty file is one that is just being written.
    if (holder > 0 && !alive(holder)) rmSync(path, { force: true });
    return false;
  }
}

/** 0: it was let go just now, or is just being written. */
function holderOf(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
