import { expect, test } from 'bun:test';
import { groupsOf, next, type Group } from './groups.ts';

// Some that there are: what they use says where they belong.
const REAL = ['test/real/docker-install.test.ts', 'test/real/guard.test.ts', 'test/real/images.test.ts', 'test/real/services.test.ts', 'test/real/wine.test.ts', 'test/real/wine-files.test.ts'];
const E2E = ['test/e2e/files.test.ts', 'test/e2e/logs.test.ts', 'test/e2e/tasks.test.ts'];

function take(groups: Group[]): string | undefined {
  const group = next(groups);
  if (!group) return;
  group.running++;
  return group.files.shift();
}

test('every file runs once, no more of a group than can live side by side, and those that trouble others when nobody is there', () => {
  const groups = groupsOf(REAL, E2E, []);
  const first = Array.from({ length: 20 }, () => take(groups)).filter((file) => file !== undefined);
  const of = (part: string) => first.filter((file) => file.includes(part)).length;
  expect([of('/e2e/'), of('/wine'), of('docker-install'), first.length]).toEqual([2, 1, 0, 6]);
  const rest: string[] = [];
  for (const running of groups) running.running = 0;
  for (let file = take(groups); file; file = take(groups)) {
    // The last one alone: nothing else runs or is left.
    if (file.includes('docker-install')) expect(groups.every(({ files }) => files.length === 0) && groups.reduce((sum, { running }) => sum + running, 0) === 1).toBe(true);
    rest.push(file);
    for (const group of groups) if (groups.some(({ after }) => after.includes(group))) group.running = 0;
  }
  expect(rest.at(-1)).toBe('test/real/docker-install.test.ts');
  expect([...first, ...rest].sort()).toEqual([...REAL, ...E2E].sort());
});
