import { expect, test } from 'bun:test';
import { readPublic, reachable } from '../../../test/support/modules.ts';
import { APP_MODULES, IMPORTS } from '../shell/imports.ts';
import { TERMINAL_IMPORTS, TERMINAL_MODULES } from './imports.ts';
import { PLAYER_MODULES } from './recordings/page.tsx';

const PAGES = [['js/terminal/main.js', TERMINAL_MODULES], ['js/terminal/player/main.js', PLAYER_MODULES]] as const;

test.each(PAGES)('%s is preloaded with exactly what it imports beside the modules of every page', async (entry, modules) => {
  const beside = (await reachable(entry, { ...IMPORTS, ...TERMINAL_IMPORTS })).filter((path) => !APP_MODULES.includes(path) && path !== entry);
  expect([...modules].toSorted()).toEqual(beside);
});

test('S15 none of the scripts of terminals and recordings makes HTML of strings or evaluates code', async () => {
  for (const path of PAGES.flatMap(([entry, modules]) => [entry, ...modules]).filter((one) => one.startsWith('js/terminal/'))) {
    expect(await readPublic(path), path).not.toMatch(/innerHTML|outerHTML\b(?!['"])|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  }
});
