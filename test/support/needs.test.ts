import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a test that needs what is not on an empty PATH. */
function run(env: Record<string, string>): { code: number; text: string } {
  const dir = mkdtempSync(join(tmpdir(), 'mantou-needs-'));
  const needs = JSON.stringify(join(import.meta.dir, 'needs.ts'));
  const file = join(dir, 'a.test.ts');
  writeFileSync(file, `import { needs } from ${needs};\nconst it = needs('shellcheck');\nit('checks', () => { throw new Error('ran'); });\n`);
  const result = Bun.spawnSync([process.execPath, 'test', file], { env: { PATH: dir, ...env }, cwd: dir, stderr: 'pipe' });
  rmSync(dir, { recursive: true, force: true });
  return { code: result.exitCode, text: result.stdout.toString() + result.stderr.toString() };
}

test('what is missing makes a skip that says why', () => {
  const { code, text } = run({});
  expect(text).toContain('checks (skipped: no shellcheck)');
  expect(text).not.toContain('error: ran');
  expect(code).toBe(0);
});

test('what is missing makes a failure on CI', () => {
  const { code, text } = run({ CI: 'true' });
  expect(text).toContain('Needed on CI, but no shellcheck');
  expect(code).toBe(1);
});
