import { describe, expect, test } from 'bun:test';
import { Terminal } from '@xterm/headless';
import { cpuMs } from '../support/cpu.ts';
// @ts-expect-error: runs in browsers, is JavaScript as it lies there
import { bound } from '../../public/js/terminal/bounds.js';

// By its name alone: its types would bring those of browsers into the whole project.
const { Unicode11Addon } = await import('@xterm/addon-unicode11' as string);

async function drawn(text: string) {
  const term = new Terminal({ cols: 80, rows: 24, allowProposedApi: true, logLevel: 'off' });
  bound(term, new Unicode11Addon());
  const began = cpuMs();
  await new Promise<void>((resolve) => term.write(text, resolve));
  const line = (row: number) => term.buffer.active.getLine(row)!;
  return { ms: cpuMs() - began, term, line };
}

describe('S22 what a program says keeps no page busy', () => {
  test.each(['I', 'L', 'M', 'S', 'T', 'Z', 'b'])('with a number of ten digits before %s', async (final) => {
    const { ms, line } = await drawn(`a\x1b[2147483647${final}\r\nDONE`);
    expect(ms).toBeLessThan(1000);
    expect([line(0).translateToString(true), line(1).translateToString(true)]).toEqual(['a', 'DONE']);
  });

  test('with a million marks on one letter, also repeated', async () => {
    const { ms, term, line } = await drawn(`e${'\u0301'.repeat(100_000)}\x1b[1000b\r\nDONE`);
    expect(ms).toBeLessThan(5000);
    for (let row = 0; row < term.rows; row++) for (let col = 0; col < term.cols; col++) expect((line(row).getCell(col)?.getChars() ?? '').length).toBeLessThanOrEqual(32);
  });
});

test('what programs do is done', async () => {
  const { line } = await drawn('one\r\ntwo\r\n\x1b[2Hx\x1b[3b\x1b[1Hy\x1b[2I|\x1b[3H\x1b[L\x1b[999C!');
  expect([line(0).translateToString(true), line(1).translateToString(true)]).toEqual(['yne             |', 'xxxx']);
  expect(line(2).translateToString(true).trimStart()).toBe('!');
});

test('letters have their marks and their widths', async () => {
  const { line } = await drawn('e\u0301\u0323|馒头|👍|');
  expect(line(0).translateToString(true)).toBe('e\u0301\u0323|馒头|👍|');
  expect([line(0).getCell(0)!.getChars(), line(0).getCell(2)!.getWidth(), line(0).getCell(7)!.getWidth()]).toEqual(['e\u0301\u0323', 2, 2]);
});
