import { expect, test } from 'bun:test';
import { nameOf } from './file-name.ts';
import { shellWord } from './shell-word.ts';

/** bash reads the word and gives back its bytes. */
const read = (word: string) => Bun.spawnSync(['bash', '--norc', '-s'], { stdin: new TextEncoder().encode(`printf %s ${word}\n`), env: { LC_ALL: 'C' } }).stdout;

test('S1 the shell reads back what was quoted, and nothing runs', () => {
  const names: Uint8Array[] = ['plain-1.txt', 'a b', "it's", '$(id)', '`id`', 'a\nb', '"; id #', '馒头 包子.md', '\\', '*', '~', '!!', '', 'a\u0001b', "a\n'b\\"].map((text) => Buffer.from(text));
  names.push(Buffer.of(0xff, 0x61), Buffer.of(0x63, 0x61, 0x66, 0xe9, 0x31));
  for (const bytes of names) expect(read(shellWord(nameOf(bytes))).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
});

test('a word that needs no quotes has none', () => {
  expect(shellWord('/srv/www/a-1_b.txt')).toBe('/srv/www/a-1_b.txt');
  expect(shellWord('a b')).toBe("'a b'");
});
