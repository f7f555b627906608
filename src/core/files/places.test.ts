import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import type { Actor } from '../app.ts';
import { CLI, SYSTEM } from '../app.ts';
import { listFavourites, setFavourite } from './favourites.ts';
import { listRecents, rememberRecent } from './recents.ts';

let t: TestApp;
let lin: Actor;
let wei: Actor;

beforeEach(() => {
  t = testApp();
  const actor = (name: string): Actor => {
    const { userId, sessionId } = t.as('operator', name);
    return { kind: 'user', userId, name, role: 'operator', sessionId, tokenId: null, ip: '127.0.0.1' };
  };
  lin = actor('lin');
  wei = actor('wei');
});
afterEach(() => t.close());

const code = (run: () => unknown) => {
  try {
    run();
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('S12 favourites and recents belong to one person; who is nobody has none', () => {
  setFavourite(t.app, lin, '/srv', true);
  rememberRecent(t.app, lin, '/srv', true);
  for (const other of [wei, SYSTEM, CLI]) {
    expect(listFavourites(t.app, other)).toEqual([]);
    expect(listRecents(t.app, other)).toEqual([]);
  }
  expect(code(() => setFavourite(t.app, SYSTEM, '/srv', true))).toBe('denied');
  setFavourite(t.app, wei, '/srv', false);
  expect(listFavourites(t.app, lin)).toEqual(['/srv']);
});

test('a favourite is a path in its one spelling; a hundred are the most', () => {
  for (const bad of ['', 'srv', '/srv/../etc', '/a\0b']) expect(code(() => setFavourite(t.app, lin, bad, true)), bad).toBe('invalid');
  setFavourite(t.app, lin, '/srv//www/', true);
  setFavourite(t.app, lin, '/srv/www', true);
  expect(listFavourites(t.app, lin)).toEqual(['/srv/www']);
  for (let i = 1; i < 100; i++) setFavourite(t.app, lin, `/srv/${i}`, true);
  expect(code(() => setFavourite(t.app, lin, '/one/more', true))).toBe('conflict');
  setFavourite(t.app, lin, '/srv/7', false);
  setFavourite(t.app, lin, '/one/more', true);
  expect(listFavourites(t.app, lin).at(-1)).toBe('/one/more');
});

test('recents: newest first, each once, fifty at most', () => {
  for (let i = 0; i < 70; i++) {
    t.clock.advance(1000);
    rememberRecent(t.app, lin, `/srv/${i % 60}`, i % 2 === 0);
  }
  const all = listRecents(t.app, lin, 1000);
  expect(all.map(({ path }) => path).slice(0, 3)).toEqual(['/srv/9', '/srv/8', '/srv/7']);
  expect(all).toHaveLength(50);
  expect(new Set(all.map(({ path }) => path)).size).toBe(50);
  expect(listRecents(t.app, lin, 2)).toHaveLength(2);
});

test('what goes with the person', () => {
  setFavourite(t.app, lin, '/srv', true);
  rememberRecent(t.app, lin, '/srv', true);
  t.app.db.$client.run('DELETE FROM users WHERE name = ?', ['lin']);
  expect(listFavourites(t.app, lin)).toEqual([]);
  expect(listRecents(t.app, lin)).toEqual([]);
});
