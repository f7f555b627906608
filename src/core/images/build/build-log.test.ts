import { expect, test } from 'bun:test';
import { createBuildLog } from './build-log.ts';

function said(pieces: readonly string[], secrets: readonly string[] = []): string[] {
  const out: string[] = [];
  const log = createBuildLog((text) => void out.push(text), secrets);
  for (const piece of pieces) log.write(piece);
  log.end();
  return out;
}

test('whole lines, without colours; a line that is written anew is a line', () => {
  expect(said(['Step 1/2 : FR', 'OM x\n ---> ab\n', '\u001b[91mwarn', 'ing\n\u001b[0m', '10%\r20%\r\n', 'end'])).toEqual(['Step 1/2 : FROM x\n ---> ab\n', 'warning\n', '10%\n20%\n', 'end']);
});

test('S13 secrets are hidden, also those that come in pieces; the longer one first', () => {
  expect(said(['token=abcd', 'efgh!\n', 'abcd\n'], ['abcd', 'abcdefgh', 'x'])).toEqual(['token=•••!\n', '•••\n']);
});

test('S22 what has no line end is not kept for ever', () => {
  expect(said(['.'.repeat(9000), '.'])).toEqual(['.'.repeat(9000), '.']);
});
