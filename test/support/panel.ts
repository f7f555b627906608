import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_MS } from './until.ts';

/** From the sources, Bun reads tsconfig.json of the folder it is started in. */
const ROOT = join(import.meta.dir, '../..');

export interface RunningPanel {
  pid: number;
  url: string;
  dataDir: string;
  /** The one-time link of this start, while there is no administrator. */
  setupUrl: string | null;
  /** All that the console said so far. */
  console(): string;
  /** What the panel logged as errors; must be empty unless a test is about one. */
  errorLog(): string;
  exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, waits for the end, removes the data directory (unless it was given). Returns the exit code. */
  stop(): Promise<number>;
}

export interface PanelOptions {
  args?: readonly string[];
  dataDir?: string;
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts `command serve` with a free port and its own data directory, and waits until the console says it is ready. */
export async function runPanel(command: readonly string[], options: PanelOptions = {}): Promise<RunningPanel> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'mantou-panel-'));
  const child = Bun.spawn([...command, 'serve', '--port', '0', '--data-dir', dataDir, ...(options.args ?? [])], {
    stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', cwd: options.cwd ?? (command.length > 1 ? ROOT : dataDir),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: dataDir, ...options.env },
  });
  let said = '';
  const listen = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) said += decoder.decode(chunk, { stream: true });
  };
  void listen(child.stdout);
  void listen(child.stderr);
  const ready = /ready: (https?:\/\/\S+)|就绪：(https?:\/\/\S+)/;
  // The setup link is printed after the address: both, or for a panel that has users an empty line less.
  const deadline = Date.now() + PATIENCE_MS;
  while (!ready.test(said) && child.exitCode === null && Date.now() < deadline) await Bun.sleep(5);
  const url = ready.exec(said)?.slice(1).find(Boolean);
  if (!url) throw new Error(`the panel did not start:\n${said}`);
  while (!(await answers(url)) && Date.now() < deadline) await Bun.sleep(5);
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const code = await child.exited;
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  return {
    pid: child.pid, url, dataDir, exited: child.exited, stop,
    get setupUrl() {
      return /https?:\/\/\S+\/setup#\S+/.exec(said)?.[0] ?? null;
    },
    console: () => said,
    errorLog: () => (existsSync(join(dataDir, 'logs/error.log')) ? readFileSync(join(dataDir, 'logs/error.log'), 'utf8') : ''),
    kill: (signal) => child.kill(signal),
  };
}

const answers = (url: string) => fetch(`${url}/healthz`, { tls: { rejectUnauthorized: false } }).then((r) => r.ok, () => false);

/** A form of the panel's pages, as a browser without JavaScript sends it. */
export const post = (panel: Pick<RunningPanel, 'url'>, cookie: string | null, path: string, fields: Record<string, string>) =>
  fetch(panel.url + path, {
    method: 'POST', redirect: 'manual', headers: { origin: panel.url, ...(cookie ? { cookie } : {}) }, tls: { rejectUnauthorized: false }, body: new URLSearchParams(fields),
  });

/** Makes the first administrator over HTTP and returns the `Cookie` header of their session. */
export async function setUp(panel: RunningPanel, name = 'lin', password = 'steamed bun 2026'): Promise<string> {
  const token = panel.setupUrl!.split('#')[1]!;
  const answer = await post(panel, null, '/setup', { token, name, password, password2: password });
  const cookie = cookiesOf(answer);
  if (!/mantou_session/.test(cookie)) throw new Error(`set-up failed: ${answer.status} ${await answer.text()}`);
  return cookie;
}

/** A further session of that administrator: its `Cookie` header. */
export async function signIn(panel: Pick<RunningPanel, 'url'>, name = 'lin', password = 'steamed bun 2026'): Promise<string> {
  const answer = await post(panel, null, '/signin', { name, password });
  const cookie = cookiesOf(answer);
  if (!/mantou_session/.test(cookie)) throw new Error(`sign-in failed: ${answer.status}`);
  return cookie;
}

const cookiesOf = (answer: Response) => answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
