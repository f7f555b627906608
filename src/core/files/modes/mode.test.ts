import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync, writeFileSync, mkdirSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonBits, octalText, parseMode, symbolicText } from './mode.ts';

test('S2 what is no mode is refused, also what chmod would take for an option or a file', () => {
  const wrong = ['', '8', '99', '77777', '0x1ff', '-R', '--reference=/etc/shadow', 'u', 'rwx', 'u+q', 'u+rwx,', ',', 'u+rX;id', 'a+r\n', ' 644', '644 ', 'ug+rug', `u+r${',u+r'.repeat(40)}`];
  expect(wrong.filter((text) => parseMode(text) !== null)).toEqual([]);
});

/** chmod(1) of this machine is asked, so that the panel means what people know. */
test('modes mean what chmod means by them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-mode-'));
  const paths = { file: join(folder, 'f'), folder: join(folder, 'd') };
  writeFileSync(paths.file, '');
  mkdirSync(paths.folder);
  const texts = ['644', '0755', '7777', '4711', '0', 'u+x', 'a+X', 'go-w', 'u=rwx,g=rx,o=', 'g=u', 'o=g-w', '+t', 'ug+s', 'a=rX', 'u-s,g-s', 'a-x+X', 'g=u-w,o-rwx', 'u=', 'a=', 'a=s'];
  const differ: string[] = [];
  for (const text of texts) {
    for (const before of [0o644, 0o755, 0o2775, 0o4755, 0o1777, 0o600, 0o000]) {
      for (const kind of ['file', 'folder'] as const) {
        chmodSync(paths[kind], before);
        // chmod holds special bits of folders back when they are given with four digits; five mean them.
        const said = kind === 'folder' && /^\d{4}$/.test(text) ? `0${text}` : text;
        Bun.spawnSync(['chmod', said, '--', paths[kind]], { env: { LC_ALL: 'C', PATH: process.env.PATH ?? '' } });
        const real = octalText(statSync(paths[kind]).mode);
        const ours = octalText(parseMode(text)!.apply(before, kind === 'folder'));
        if (real !== ours) differ.push(`${kind} ${octalText(before)} ${text}: chmod ${real}, panel ${ours}`);
      }
    }
  }
  chmodSync(paths.folder, 0o700);
  rmSync(folder, { recursive: true });
  expect(differ).toEqual([]);
});

test('bits that entries share, and the text that changes only what was touched', () => {
  expect(commonBits([])).toEqual({ common: 0, mixed: 0 });
  expect(commonBits([0o644, 0o755])).toEqual({ common: 0o644, mixed: 0o111 });
  expect(symbolicText(0o100, 0o022)).toBe('u+x,g-w,o-w');
  expect(symbolicText(0o5001, 0o2000)).toBe('u+s,o+xt,g-s');
  for (const mode of [0, 0o644, 0o7777]) {
    const change = parseMode(symbolicText(0o4120, 0o1007))!;
    expect(change.apply(mode, false)).toBe((mode | 0o4120) & ~0o1007);
  }
  expect(octalText(0o100644)).toBe('0644');
});
