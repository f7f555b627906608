import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineDocs } from './docs.ts';

test('docs/command-line.md says what the parser accepts (bun scripts/docs.ts writes it anew)', () => {
  expect(readFileSync(join(import.meta.dir, '../../docs/command-line.md'), 'utf8')).toBe(commandLineDocs());
});
