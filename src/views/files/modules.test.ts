import { expect, test } from 'bun:test';
import { readPublic, reachable } from '../../../test/support/modules.ts';
import { APP_MODULES } from '../shell/imports.ts';
import { FILES_MODULES } from './page.tsx';

const ENTRY = 'js/files/list.js';

test('the page preloads exactly what its list imports beside the modules of every page', async () => {
  const beside = (await reachable(ENTRY)).filter((path) => !APP_MODULES.includes(path) && path !== ENTRY);
  expect([...FILES_MODULES].toSorted()).toEqual(beside);
});

test('S15 none of its scripts makes HTML of strings or evaluates code', async () => {
  for (const path of [ENTRY, ...FILES_MODULES].filter((one) => one.startsWith('js/files/'))) {
    expect(await readPublic(path), path).not.toMatch(/innerHTML|outerHTML\b(?!['"])|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  }
});
