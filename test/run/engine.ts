/** A Docker engine for the length of the test run, where one is installed and none is running. */
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probe } from '../support/needs.ts';
import { mountHierarchies } from './cgroups.ts';

/** Starts dockerd when it is needed and may be started. @returns what ends it again, or null when nothing was started */
export async function startDockerEngine(): Promise<(() => Promise<void>) | null> {
  const dockerd = Bun.which('dockerd');
  if (probe('docker') === null || !dockerd || process.getuid?.() !== 0) return null;
  mountHierarchies();
  const dir = mkdtempSync(join(tmpdir(), 'mantou-dockerd-'));
  const log = openSync(join(dir, 'dockerd.log'), 'a');
  const engine = Bun.spawn([dockerd], { stdin: 'ignore', stdout: log, stderr: log });
  const deadline = Date.now() + 3 * 60_000;
  while (Date.now() < deadline && engine.exitCode === null && !ready()) await Bun.sleep(250);
  if (!ready()) {
    const said = await Bun.file(join(dir, 'dockerd.log')).text();
    console.log(`No Docker engine: dockerd did not start: ${said.trim().split('\n').at(-1) ?? ''}`);
  }
  return async () => {
    engine.kill('SIGTERM');
    await Promise.race([engine.exited, Bun.sleep(20_000)]);
    if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
  };
}

const ready = () => probe('docker') === null;
