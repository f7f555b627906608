import { expect, test } from 'bun:test';
import { boxName, readMode } from './grid.ts';

const boxes = (mode: number) => Object.fromEntries([0o400, 0o200, 0o100, 0o40, 0o20, 0o10, 4, 2, 1, 0o4000, 0o2000, 0o1000].filter((bit) => mode & bit).map((bit) => [boxName(bit), 'on']));

test('a form that was left as it is changes nothing, and broken hidden fields do not either', () => {
  expect(readMode({ mode: '0644', 'mode-was': '0644', common: '644', mixed: '0', ...boxes(0o644) })).toBe('');
  expect(readMode({})).toBe('');
  expect(readMode({ mode: '', 'mode-was': '', common: 'x', mixed: '-R' })).toBe('');
});

test('what was typed counts, else the boxes; where entries differ only what was touched', () => {
  const same = { 'mode-was': '0644', common: '644', mixed: '0' };
  expect(readMode({ ...same, mode: ' 0600 ', ...boxes(0o777) })).toBe('0600');
  expect(readMode({ ...same, mode: '0644', ...boxes(0o1755) })).toBe('1755');
  const mixed = { 'mode-was': '', mode: '', common: '600', mixed: '055' };
  expect(readMode({ ...mixed, ...boxes(0o600) })).toBe('');
  expect(readMode({ ...mixed, ...boxes(0o440) })).toBe('g+r,u-w');
});
