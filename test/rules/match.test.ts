import { expect, test } from 'bun:test';
// @ts-expect-error: runs in browsers, is JavaScript as it lies there
import { match } from '../../public/js/match.js';

const found = (query: string, label: string, words?: string) =>
  match(query, label, words) as { score: number; marks: number[][] } | null;

test('the palette finds starts of words first, then anything, then letters in sequence', () => {
  expect(found('set', 'Settings')?.marks).toEqual([[0, 3]]);
  expect(found('log', 'Audit log')?.marks).toEqual([[6, 9]]);
  expect(found('prs', 'Processes')?.marks).toEqual([
    [0, 2],
    [5, 6],
  ]);
  expect(found('th dark', 'Use dark theme')?.marks).toEqual([
    [4, 8],
    [9, 11],
  ]);
  expect(found('logout', 'Sign out', 'logout')?.marks).toEqual([]);
  expect(found('设置', '设置')?.marks).toEqual([[0, 2]]);
  expect(found('xyz', 'Settings')).toBeNull();
  expect(found('se', 'Settings')!.score).toBeGreaterThan(found('se', 'Users')!.score);
  expect(found('log', 'Audit log')!.score).toBeGreaterThan(found('log', 'Catalogue')!.score);
});
