import { afterEach, beforeEach, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { AppError } from '../../../lib/errors.ts';
import { begin, type Swap } from './begun.ts';
import { endSwap, swap } from './swap.ts';

let panel: TestApp;
let root: string;
let folders: Omit<Swap, 'phase'>;
beforeEach(() => {
  panel = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-swap-'));
  folders = { target: join(root, 'target'), fresh: join(root, 'fresh'), aside: join(root, 'aside') };
  for (const path of Object.values(folders)) mkdirSync(path);
  for (const name of ['a', 'b', 'old']) writeFileSync(join(folders.target, name), `old ${name}`);
  for (const name of ['a', 'c', 'new']) writeFileSync(join(folders.fresh, name), `new ${name}`);
  chmodSync(folders.target, 0o750);
  chmodSync(folders.fresh, 0o711);
});
afterEach(async () => {
  rmSync(root, { recursive: true, force: true });
  await panel.close();
});

const texts = (path: string) => readdirSync(path).sort().map((name) => readFileSync(join(path, name), 'utf8'));
const OLD = ['old a', 'old b', 'old old'];
const NEW = ['new a', 'new c', 'new new'];

test('what is in them changes places, and the folder takes the mode of the new one', () => {
  swap(begin(panel.app), folders);
  expect([texts(folders.target), texts(folders.aside), texts(folders.fresh)]).toEqual([NEW, OLD, []]);
  expect([statSync(folders.target).mode & 0o777, statSync(folders.aside).mode & 0o777]).toEqual([0o711, 0o750]);
});

test('ended anywhere in the middle it goes on from there', () => {
  // Every state that a kill can leave: so many of the old are out, then so many of the new are in.
  for (let out = 0; out <= 3; out++) {
    for (let into = 0; into <= (out === 3 ? 3 : 0); into++) {
      rmSync(root, { recursive: true });
      for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
      ['a', 'b', 'old'].forEach((name, i) => writeFileSync(join(i < out ? folders.aside : folders.target, name), `old ${name}`));
      ['a', 'c', 'new'].forEach((name, i) => writeFileSync(join(i < into ? folders.target : folders.fresh, name), `new ${name}`));
      const begun = begin(panel.app);
      begun.note({ swap: { ...folders, phase: into > 0 ? 'in' : 'aside' } });
      endSwap(begun);
      expect([out, into, texts(folders.target), texts(folders.aside)]).toEqual([out, into, NEW, OLD]);
      expect(begun.notes.swap).toBeNull();
    }
  }
});

test('given up anywhere in the middle the old is back, and nothing of the new is with it', () => {
  for (let outAgain = 0; outAgain <= 3; outAgain++) {
    for (let home = 0; home <= (outAgain === 3 ? 3 : 0); home++) {
      rmSync(root, { recursive: true });
      for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
      ['a', 'c', 'new'].forEach((name, i) => writeFileSync(join(i < outAgain ? folders.fresh : folders.target, name), `new ${name}`));
      ['a', 'b', 'old'].forEach((name, i) => writeFileSync(join(i < home ? folders.target : folders.aside, name), `old ${name}`));
      const begun = begin(panel.app);
      begun.note({ swap: { ...folders, phase: home > 0 ? 'home' : 'back' } });
      endSwap(begun);
      expect([outAgain, home, texts(folders.target), texts(folders.fresh)]).toEqual([outAgain, home, OLD, NEW]);
    }
  }
});

test('one that cannot be done gives the old back, as it was', () => {
  // Of another file system nothing can be moved in.
  const far = mkdtempSync('/dev/shm/mantou-swap-');
  try {
    writeFileSync(join(far, 'new'), 'new');
    const begun = begin(panel.app);
    expect(() => swap(begun, { ...folders, fresh: far })).toThrow(AppError);
    expect([texts(folders.target), readdirSync(far), statSync(folders.target).mode & 0o777]).toEqual([OLD, ['new'], 0o750]);
    expect(begun.notes.swap).toBeNull();
  } finally {
    rmSync(far, { recursive: true });
  }
});
