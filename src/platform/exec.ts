import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../lib/errors.ts';
import { collect } from './tool-output.ts';

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

const windows = process.platform === 'win32';

const FOLDERS = windows
  ? [join(process.env.SystemRoot ?? 'C:\\Windows', 'System32'), join(process.env.SystemRoot ?? 'C:\\Windows', 'System32\\WindowsPowerShell\\v1.0')]
  : ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Of the account, not of whoever started the panel; an account that nobody made (a container's) has none. */
function home(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}

/** Nothing of whoever started the panel: its own folders, and messages in English. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const base: Record<string, string> = windows
    ? { SystemRoot: process.env.SystemRoot ?? 'C:\\Windows', TEMP: process.env.TEMP ?? 'C:\\Windows\\Temp', PATH: FOLDERS.join(';') }
    : { PATH: FOLDERS.join(':'), HOME: home(), LANG: 'C', LC_ALL: 'C' };
  return { ...base, ...extra };
}

export function which(tool: string): string | undefined {
  // A name, never a way to somewhere.
  if (!/^\w[\w.+-]*$/.test(tool)) return undefined;
  const name = windows && !/\.\w+$/.test(tool) ? `${tool}.exe` : tool;
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export const exec: Exec = { run, which };

/** Starts a program that outlives the panel and that nobody waits for or hears from, in a session of its own. */
export function detach(argv: readonly [string, ...string[]]) {
  if (!isAbsolute(argv[0])) throw new Error(`exec needs an absolute path, got ${argv[0]}`);
  const child = Bun.spawn([...argv], { cwd: windows ? 'C:\\' : '/', env: cleanEnv(), stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', detached: true, windowsHide: true });
  child.unref();
}

/** A program that goes on for as long as it is spoken to. */
export interface Conversation {
  readonly pid: number;
  readonly stdin: Bun.FileSink;
  readonly stdout: ReadableStream<Uint8Array>;
  /** The end of what it complained of. */
  complaints(): string;
  readonly exited: Promise<number>;
  /** Ends it with all that it started. */
  end(): void;
}

const COMPLAINTS_MOST = 8192;

/** Starts a program in a session of its own, with a way in and out of it. It ends when it likes, or by `end`. */
export function converse(argv: readonly [string, ...string[]], env: Record<string, string> = {}): Conversation {
  if (!isAbsolute(argv[0])) throw new Error(`exec needs an absolute path, got ${argv[0]}`);
  const child = Bun.spawn([...argv], { cwd: windows ? 'C:\\' : '/', env: cleanEnv(env), stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', detached: !windows, windowsHide: true });
  let said = '';
  void collect(child.stderr, 0, (text) => (said = (said + text).slice(-COMPLAINTS_MOST)));
  return { pid: child.pid, stdin: child.stdin, stdout: child.stdout, complaints: () => said, exited: child.exited, end: () => endTree(child.pid) };
}

/** What a program that has ended may leave unread in its pipes; a daemon it left behind would hold them open for ever. */
const DRAIN_MS = 1000;

/** Waits for the end of both, and no longer than nothing comes: on a busy machine what was left takes its time, and half of it is none. */
async function drained(pipes: readonly ReturnType<typeof collect>[]) {
  const end = Promise.all(pipes.map(({ read }) => read)).then(() => true);
  const bytes = () => pipes.reduce((sum, pipe) => sum + pipe.bytes(), 0);
  for (let tries = 0; tries < DRAINS_MOST; tries++) {
    const before = bytes();
    if (await Promise.race([end, Bun.sleep(DRAIN_MS).then(() => false)])) return;
    if (bytes() === before) return;
  }
}

/** What a daemon goes on saying is not waited for. */
const DRAINS_MOST = 10;

async function run(argv: readonly [string, ...string[]], options: ExecOptions = {}): Promise<ExecResult> {
  if (!isAbsolute(argv[0])) throw new Error(`exec needs an absolute path, got ${argv[0]}`);
  if (argv.some((word) => word.includes('\0'))) throw new AppError('invalid', (t) => t.errors.nul);
  const child = Bun.spawn([...argv], {
    cwd: options.cwd ?? (windows ? 'C:\\' : '/'),
    env: cleanEnv(options.env),
    stdin: options.stdin === undefined ? 'ignore' : new TextEncoder().encode(options.stdin),
    stdout: 'pipe',
    stderr: 'pipe',
    // A group of its own, so that the whole tree can be ended.
    detached: !windows,
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
    const stdout = collect(child.stdout, cap, (text) => options.onOutput?.(text, 'stdout'));
    const stderr = collect(child.stderr, cap, (text) => options.onOutput?.(text, 'stderr'));
    const code = await child.exited;
    await drained([stdout, stderr]);
    const [out, err] = [stdout.stop(), stderr.stop()];
    const result = { code, stdout: out.text, stderr: err.text, truncated: out.truncated || err.truncated };
    return ended ? { ...result, ended } : result;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

/** Ends the process and everything it started: on Linux also what has left its group, on Windows by `taskkill /T`. */
export function endTree(pid: number) {
  if (windows) {
    const taskkill = which('taskkill');
    const quiet = { stdout: 'ignore', stderr: 'ignore', windowsHide: true } as const;
    if (taskkill) Bun.spawn([taskkill, '/PID', String(pid), '/T', '/F'], quiet);
    return;
  }
  for (const target of [-pid, ...descendants(pid)]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended by itself in the meantime.
    }
  }
}

/** proc(5), /proc/pid/task/tid/children: `4711 4712 `. Empty where there is no /proc. */
function descendants(pid: number): number[] {
  try {
    const of = (tid: string) => readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean);
    const children = readdirSync(`/proc/${pid}/task`).flatMap(of).map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** @throws AppError unavailable with the tool's last lines when it did not end with 0. */
export async function runOk(ex: Exec, argv: readonly [string, ...string[]], options?: ExecOptions): Promise<string> {
  const result = await ex.run(argv, options);
  if (result.code === 0 && !result.ended) return result.stdout;
  const tail = (result.stderr || result.stdout).trim().split('\n').slice(-8).join('\n');
  const tool = argv[0].split(/[\\/]/).at(-1)!;
  throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool, code: result.code }), { detail: tail });
}
