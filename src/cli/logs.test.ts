import { afterEach, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from './logs.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function place() {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-logs-'));
  folders.push(dataDir);
  return { dataDir, panel: join(dataDir, 'logs/panel.log'), error: join(dataDir, 'logs/error.log') };
}

test('what is no error is not in error.log; both are for their owner only', () => {
  const { dataDir, panel, error } = place();
  const log = openLog(dataDir, () => 0, () => {});
  log.info('one');
  log.warn('two');
  expect(existsSync(error)).toBe(false);
  log.error('three');
  expect(readFileSync(panel, 'utf8').split('\n')).toHaveLength(4);
  expect(readFileSync(error, 'utf8')).toContain('error three');
  expect([panel, error].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
});

test('S22 a file is put aside when it is large, so two never take more than twice that', () => {
  const { dataDir, panel } = place();
  const log = openLog(dataDir, () => 0, () => {});
  log.info('first');
  writeFileSync(panel, 'x'.repeat((4 << 20) + 1));
  log.info('second');
  log.info('third');
  expect(statSync(`${panel}.1`).size).toBe((4 << 20) + 1);
  expect(readFileSync(panel, 'utf8')).toMatch(/second\n.*third\n$/);
});

test('a log that cannot be written takes nothing down: the line is said on the console', () => {
  const { dataDir, panel } = place();
  const said: string[] = [];
  const log = openLog(dataDir, () => 0, (line) => said.push(line));
  rmSync(join(dataDir, 'logs'), { recursive: true });
  writeFileSync(join(dataDir, 'logs'), '');
  log.info('lost');
  expect(said.join('')).toContain('info lost');
  expect(said.join('')).toContain(panel);
});
