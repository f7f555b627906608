import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../lib/errors.ts';

export interface ExecOptions {
  /** Goes to standard input, which is then closed. Secrets travel this way, never in argv. */
  stdin?: string;
  /** ms until the whole process tree is ended (default 30 000). */
  timeout?: number;
  /** Bytes of output kept per stream (default 1 MiB); what comes after is dropped and `truncated` set. */
  cap?: number;
  cwd?: string;
  signal?: AbortSignal;
  /** Added to the clean environment. */
  env?: Record<string, string>;
  /** Called with each piece of output, for tasks. */
  onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
  truncated: boolean;
  /** Why it was ended before its time. */
  ended?: 'timeout' | 'aborted';
}

/** The only way a program is started: an absolute path and an argv array, never a shell string. */
export interface Exec {
  run(argv: readonly [string, ...string[]], options?: ExecOptions): Promise<ExecResult>;
  /** Absolute path of a tool in the system's own folders, or undefined. The person's PATH is not asked (S20). */
  which(tool: string): string | undefined;
}

const FOLDERS =
  process.platform === 'win32'
    ? [join(process.env.SystemRoot ?? 'C:\\Windows', 'System32'), join(process.env.SystemRoot ?? 'C:\\Windows', 'System32\\WindowsPowerShell\\v1.0')]
    : ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const base: Record<string, string> =
    process.platform === 'win32'
      ? { SystemRoot: process.env.SystemRoot ?? 'C:\\Windows', TEMP: process.env.TEMP ?? 'C:\\Windows\\Temp', PATH: FOLDERS.join(';') }
      : { PATH: FOLDERS.join(':'), HOME: '/root', LANG: 'C', LC_ALL: 'C' };
  return { ...base, ...extra };
}

export function which(tool: string): string | undefined {
  const name = process.platform === 'win32' && !/\.\w+$/.test(tool) ? `${tool}.exe` : tool;
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export const exec: Exec = { run, which };

async function run(argv: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecResult> {
  if (!isAbsolute(argv[0])) throw new Error(`exec needs an absolute path, got ${argv[0]}`);
  if (argv.some((word) => word.includes('\0'))) throw new AppError('invalid', (t) => t.errors.nul);
  const child = Bun.spawn([...argv], {
    cwd: options.cwd ?? (process.platform === 'win32' ? 'C:\\' : '/'),
    env: cleanEnv(options.env),
    stdin: options.stdin === undefined ? 'ignore' : new TextEncoder().encode(options.stdin),
    stdout: 'pipe',
    stderr: 'pipe',
    // A group of its own, so that the whole tree can be ended.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let ended: ExecResult['ended'];
  const end = (why: 'timeout' | 'aborted') => {
    ended ??= why;
    endTree(child.pid);
  };
  const timer = setTimeout(() => end('timeout'), options.timeout ?? 30_000);
  const abort = () => end('aborted');
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  try {
    const cap = options.cap ?? 1 << 20;
    const [stdout, stderr, code] = await Promise.all([
      collect(child.stdout, cap, (text) => options.onOutput?.(text, 'stdout')),
      collect(child.stderr, cap, (text) => options.onOutput?.(text, 'stderr')),
      child.exited,
    ]);
    const result = { code, stdout: stdout.text, stderr: stderr.text, truncated: stdout.truncated || stderr.truncated };
    return ended ? { ...result, ended } : result;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

/** Ends the process and everything it started: the group on POSIX, `taskkill /T` on Windows. */
function endTree(pid: number) {
  if (process.platform === 'win32') {
    const taskkill = which('taskkill');
    if (taskkill) Bun.spawn([taskkill, '/PID', String(pid), '/T', '/F'], { stdout: 'ignore', stderr: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

async function collect(stream: ReadableStream<Uint8Array>, cap: number, onText: (text: string) => void) {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  let truncated = false;
  for await (const chunk of stream) {
    const piece = decoder.decode(chunk, { stream: true });
    onText(piece);
    if (bytes >= cap) truncated = true;
    else text += piece.slice(0, cap - bytes);
    bytes += chunk.length;
  }
  return { text, truncated: truncated || bytes > cap };
}

/** @throws AppError unavailable with the tool's last lines when it did not end with 0. */
export async function runOk(ex: Exec, argv: readonly [string, ...string[]], options?: ExecOptions): Promise<string> {
  const result = await ex.run(argv, options);
  if (result.code === 0 && !result.ended) return result.stdout;
  const tail = (result.stderr || result.stdout).trim().split('\n').slice(-8).join('\n');
  const tool = argv[0].split(/[\\/]/).at(-1)!;
  throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool, code: result.code }), { detail: tail });
}
