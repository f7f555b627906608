import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchPanel {
  pid: number;
  url: string;
  /** `Cookie` header of a signed-in administrator. */
  cookie: string;
  stop(): Promise<void>;
}

/** Starts the executable on a free port with an empty data directory, sets it up and signs in. */
export async function startPanel(command: string[], extra: string[] = []): Promise<BenchPanel> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-bench-'));
  const child = Bun.spawn([...command, 'serve', '--port', '0', '--data-dir', dataDir, ...extra], {
    stdout: 'pipe', stderr: 'inherit', env: { PATH: '/usr/bin:/bin', HOME: dataDir },
  });
  const [url, token] = await readSetupUrl(child.stdout);
  const password = 'bench steamed bun';
  const answer = await fetch(`${url}/setup`, {
    method: 'POST', redirect: 'manual', headers: { origin: url },
    body: new URLSearchParams({ token, name: 'bench', password, password2: password }),
  });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  if (!cookie.includes('mantou_session')) throw new Error(`set-up failed: ${answer.status} ${await answer.text()}`);
  return {
    pid: child.pid, url, cookie,
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function readSetupUrl(stdout: ReadableStream<Uint8Array>): Promise<[string, string]> {
  let text = '';
  const decoder = new TextDecoder();
  const reader = stdout.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the panel ended before it was ready:\n${text}`);
    text += decoder.decode(value, { stream: true });
    const found = /(https?:\/\/\S+)\/setup#(\S+)/.exec(text);
    if (!found) continue;
    // The rest of the console is read and dropped, so that the panel never waits for us.
    void (async () => { while (!(await reader.read()).done); })();
    return [found[1]!, found[2]!];
  }
}

/** Milliseconds from spawn until /healthz answers. */
export async function startMs(command: string[], port: number, path = '/healthz'): Promise<{ ms: number; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-bench-'));
  const started = performance.now();
  const argv = command.map((word) => word.replace('{data}', dataDir).replace('{port}', String(port)));
  const child = Bun.spawn(argv, { stdout: 'ignore', stderr: 'ignore', env: { PATH: '/usr/bin:/bin:/usr/sbin', HOME: dataDir } });
  const deadline = started + 30_000;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}${path}`);
      break;
    } catch {
      if (performance.now() > deadline) throw new Error(`${argv[0]} did not answer in 30 s`);
      await Bun.sleep(1);
    }
  }
  const ms = performance.now() - started;
  return {
    ms,
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
