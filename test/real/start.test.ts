import { afterAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The first command of README.md, by each of the two programs that a machine may have for it. */
const it = needs('linux');
const root = join(import.meta.dir, '../..');
const places: string[] = [];
afterAll(() => places.forEach((place) => rmSync(place, { recursive: true, force: true })));

const ways: [string, string[]][] = [
  ...(Bun.which('npm') ? [['npm start', [Bun.which('npm')!, 'start', '--']] as [string, string[]]] : []),
  ['bun start', [process.execPath, 'run', 'start']],
];

for (const [name, command] of ways) {
  it(`${name} serves the panel, hands options on, and takes the panel along when it is stopped`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mantou-start-'));
    places.push(dataDir);
    // So that Bun hands the stop to all its descendants, and the launcher hands on its own: two for one.
    const env = { ...process.env, LC_ALL: 'C', BUN_FEATURE_FLAG_NO_ORPHANS: '1' };
    const child = Bun.spawn([...command, '--port', '0', '--data-dir', dataDir], { cwd: root, env, stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' });
    let said = '';
    const heard = (async () => {
      const decoder = new TextDecoder();
      for await (const piece of child.stdout) said += decoder.decode(piece, { stream: true });
    })();
    await until(() => /\/setup#[\w-]{43}\n/.test(said));
    const url = /ready: (http:\/\/127\.0\.0\.1:\d+)/.exec(said)![1]!;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    await child.exited;
    await until(() => fetch(`${url}/healthz`).then(() => false, () => true));
    await heard;
    expect(said).toContain('Stopping');
    // Written back in order, not killed.
    await until(() => !existsSync(join(dataDir, 'mantou.db-wal')));
  });
}
