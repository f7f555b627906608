import { expect, test } from 'bun:test';
import { nameOf } from '../../lib/file-name.ts';
import { label } from './label.ts';

test('S15 what a name hides is shown: controls, characters that turn the direction, bytes that are no text', () => {
  expect(label('a\nb\tc\u007f')).toBe('a␊b␉c␡');
  expect(label('photo\u202egpj.exe')).toBe('photo\\u202egpj.exe');
  expect(label('zero\u200bwidth\ufeff')).toBe('zero\\u200bwidth\\ufeff');
  expect(label(nameOf(Buffer.from([0x63, 0x61, 0x66, 0xe9])))).toBe('caf\\xe9');
});

test('what people write stays as it is', () => {
  for (const name of ['部署说明（生产环境）.md', 'שלום.txt', "it's \"fine\" <b>.txt", '👩‍💻.md'.replace('\u200d', ''), ' leading']) expect(label(name)).toBe(name);
});
