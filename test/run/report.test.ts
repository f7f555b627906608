import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, summaryLine } from './report.ts';

// Captured from Bun 1.4.5 over four files: a (passes, fails, skips), b (an import that fails), c (throws late), d (process.exit).
const captured = readFileSync(join(import.meta.dir, 'fixtures', 'junit.xml'), 'utf8');
const files = ['a.test.ts', 'b.test.ts', 'c.test.ts', 'd.test.ts'];

test('a missing report fails every file that was asked for', () => {
  const outcome = readReport(null, files, 0);
  expect(outcome).toMatchObject({ passed: 0, failed: 4 });
});

test('a file that the report leaves out is a failure', () => {
  const outcome = readReport(captured, files, 1);
  expect(outcome).toMatchObject({ passed: 2, failed: 5, skipped: 3 });
  expect(outcome.failures).toContain('a.test.ts > grp > x > bad');
  expect(outcome.failures.some((name) => name.startsWith('b.test.ts (no test'))).toBe(true);
});

test('an exit code without a failing test is a failure', () => {
  const xml = '<testcase name="x" classname="" file="a.test.ts" />';
  expect(readReport(xml, ['a.test.ts'], 0)).toMatchObject({ passed: 1, failed: 0 });
  expect(readReport(xml, ['a.test.ts'], 139)).toMatchObject({ passed: 1, failed: 1 });
});

test('names are unescaped', () => {
  expect(readReport(captured, files, 1).skips).toContain('a.test.ts > skipped <&"> thing');
});

test('the last line names skips only when there are any', () => {
  const outcome = { passed: 3, failed: 0, skipped: 0, failures: [], skips: [] };
  expect(summaryLine(outcome)).toBe('3 passed, 0 failed');
  expect(summaryLine({ ...outcome, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped');
});
