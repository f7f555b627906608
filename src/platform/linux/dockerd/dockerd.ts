import { lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Mutex } from '../../../lib/mutex.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Dockerd, DockerdDriver } from '../../dockerd.ts';
import { runOk, type Exec } from '../../exec.ts';
import { writeText } from '../text-file.ts';
import { findDockerd, stoppedDockerd } from './find.ts';

const MINUTES = 60_000;
/** Bytes of a file that somebody wrote by hand. */
const TEXT_MOST = 1 << 20;
const LOG_LINES = 200;

export function createLinuxDockerd(exec: Exec): DockerdDriver {
  const trying = new Mutex();
  return {
    async find(endpoint) {
      const found = findDockerd(exec, endpoint);
      return found === 'unseen' ? ((await stoppedDockerd(exec, endpoint)) ?? found) : found;
    },
    read,
    write: writeText,
    async reload({ pid }) {
      // 0 would be the panel itself.
      if (pid > 1) process.kill(pid, 'SIGHUP');
    },
    async restart({ service }, { onOutput }) {
      const options = { timeout: 5 * MINUTES, onOutput };
      if (service?.kind === 'openrc') return void (await runOk(exec, [tool(exec, 'rc-service'), service.name, 'restart'], options));
      if (service?.kind !== 'systemd') throw new AppError('unsupported', (t) => t.daemon.byHand);
      // One that did not start a few times is not started again for a while, unless it is forgotten that it did not.
      await exec.run([tool(exec, 'systemctl'), 'reset-failed', service.name, service.name.replace(/\.service$/, '.socket')], { timeout: MINUTES });
      await runOk(exec, [tool(exec, 'systemctl'), 'restart', service.name], options);
    },
    async log({ service }, since) {
      const journalctl = exec.which('journalctl');
      if (!journalctl || service?.kind !== 'systemd') return '';
      const argv = [journalctl, '--unit', service.name, '--since', `@${Math.floor(since / 1000)}`, '--lines', String(LOG_LINES), '--no-pager', '--output', 'cat'] as const;
      return (await exec.run(argv, { timeout: MINUTES })).stdout.trim();
    },
    // Each under the same name: what one person asks about must not be answered for the text of another.
    validate: (dockerd, text, version) => trying.run(dockerd.path, () => validate(exec, dockerd, text, version)),
  };
}

function tool(exec: Exec, name: string): string {
  const path = exec.which(name);
  if (!path) throw new AppError('unavailable', (t) => t.daemon.byHand);
  return path;
}

async function read(path: string): Promise<string | null> {
  try {
    const stats = await lstat(await realpath(path));
    if (!stats.isFile() || stats.size > TEXT_MOST) throw new AppError('invalid', (t) => t.daemon.noText);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as { code?: string }).code ?? '')) return null;
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', (t) => t.daemon.noText, { cause, detail: (cause as Error).message });
  }
}

/** Of 2023: `dockerd --validate` reads the configuration and says what is wrong with it. */
const VALIDATES = 23;

async function validate(exec: Exec, { program, flags, path }: Dockerd, text: string, version: string): Promise<string | null> {
  if (Number(version.split('.')[0]) < VALIDATES) return null;
  const tried = join(dirname(await realpath(path).catch(() => path)), `.${basename(path)}.mantou-tried`);
  const others = flags.flatMap((flag, i) => (/^--?config-file(=|$)/.test(flag) || /^--?config-file$/.test(flags[i - 1] ?? '') ? [] : [flag]));
  await mkdir(dirname(tried), { recursive: true });
  await rm(tried, { force: true });
  try {
    // There may be passwords of proxies in it, and the file itself be private.
    await writeFile(tried, text, { flag: 'wx', mode: 0o600 });
    const { code, stdout, stderr } = await exec.run([program, ...others, '--validate', `--config-file=${tried}`], { timeout: MINUTES });
    if (code === 0) return '';
    const said = `${stderr}\n${stdout}`.trim().split('\n').filter((line) => !/^Status:/.test(line)).slice(-5).join('\n').replaceAll(tried, path);
    return said || `exit ${code}`;
  } finally {
    await rm(tried, { force: true });
  }
}
