/**
 * The plugin of the docker command, Compose 2.x, which Debian 12 does not have: Debian 13's, in a folder of the tests' own.
 * Only a test that asks for it has it (compose.ts), and the machine keeps what it came with.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cache } from './executable.ts';

/** What runs on Debian 12 and every later one; the checksum is that of the archive's signed list. */
const PACKAGE = {
  arch: 'x64',
  url: 'http://deb.debian.org/debian/pool/main/d/docker-compose/docker-compose_2.26.1-4_amd64.deb',
  sha256: '47681197cb2b1ab88206b42a1a92fc75f50d9530a6322d03494a473eed0408ea',
} as const;

/** As `/usr/local/lib/docker` may be: `cli-plugins/docker-compose` lies in it. */
export const pluginFolder = join(cache, `compose-${PACKAGE.sha256.slice(0, 12)}`);
const plugin = join(pluginFolder, 'cli-plugins/docker-compose');

/** Fetches it once. Never throws: `needs('composePlugin')` says what is missing. */
export function installComposePlugin(): void {
  if (process.platform !== 'linux' || process.arch !== PACKAGE.arch || existsSync(plugin)) return;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'compose-new-'));
  try {
    const file = join(folder, 'compose.deb');
    run('curl', '-sSfL', '--retry', '3', '-m', '300', '-o', file, PACKAGE.url);
    const found = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (found !== PACKAGE.sha256) throw new Error(`its checksum is ${found}`);
    run('dpkg-deb', '-x', file, join(folder, 'all'));
    renameSync(join(folder, 'all/usr/libexec/docker'), pluginFolder);
  } catch (error) {
    if (!existsSync(plugin)) console.log(`Not installed: the plugin of docker compose (${(error as Error).message}).`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(...argv: string[]) {
  const done = Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
  if (done.exitCode !== 0) throw new Error(done.stderr.toString().trim().split('\n').at(-1));
}

export const composePlugin = (): string | null => {
  if (process.arch !== PACKAGE.arch) return `no pinned plugin of docker compose for ${process.arch}`;
  if (!existsSync(plugin)) return 'no plugin of docker compose (npm test fetches it)';
  const said = Bun.spawnSync(['docker', 'compose', 'version'], { env: { ...process.env, DOCKER_CONFIG: pluginFolder }, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 300_000 });
  return said.exitCode === 0 ? null : 'the docker command does not take the plugin of compose';
};
