import { expect, test } from 'bun:test';
import { places, sources, withoutComments } from './tree.ts';

test('who writes in a transaction takes the lock first', () => {
  const files = sources('src', /\.tsx?$/).filter(({ path }) => !/\.test\.tsx?$/.test(path)).map(({ path, text }) => ({ path, text: withoutComments(text) }));
  const own = files.filter(({ path }) => path !== 'src/db/transaction.ts' && path !== 'src/db/open.ts');
  expect(own.flatMap((file) => places(file, /\.\s*transaction\s*\(/))).toEqual([]);
});
