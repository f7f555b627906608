import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
