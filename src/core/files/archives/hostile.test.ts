import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { archiveBench, patchName, tar, zip, type TarHeader } from '../../../../test/support/archives.ts';

const { at, unpack, run, left } = archiveBench();

const HOSTILE: readonly (readonly [TarHeader, string?])[] = [
  [{ name: 'good.txt' }, 'good'],
  [{ name: '../evil-up' }, 'evil'],
  [{ name: 'a/../../evil-deep' }, 'evil'],
  [{ name: '/tmp/mantou-evil-absolute' }, 'evil'],
  [{ name: 'C:\\evil-drive' }, 'evil'],
  [{ name: 'C:evil' }, 'evil'],
  [{ name: '..\\evil-back' }, 'evil'],
  [{ name: '\\\\host\\share' }, 'evil'],
  [{ name: 'new\nline' }, 'evil'],
  [{ name: 'x'.repeat(300) }, 'evil'],
  [{ name: `${'d/'.repeat(300)}deep` }, 'evil'],
  [{ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }],
  [{ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 }],
  [{ name: 'pipe', type: 'fifo' }],
  [{ name: 'passwd', type: 'symlink', linkname: '/etc/passwd' }],
  [{ name: 'up', type: 'symlink', linkname: '../..' }],
  [{ name: 'sub/up', type: 'symlink', linkname: '../../x' }],
  [{ name: 'hard', type: 'link', linkname: '/etc/passwd' }],
  [{ name: 'hard2', type: 'link', linkname: '../../etc/passwd' }],
  [{ name: 'through', type: 'symlink', linkname: '/tmp' }],
  [{ name: 'through/mantou-evil-through' }, 'evil'],
  // Each leads inside as it is read; together they lead out.
  [{ name: 'd/self', type: 'symlink', linkname: '..' }],
  [{ name: 'chain', type: 'symlink', linkname: 'd/self/../..' }],
  [{ name: 'chain2', type: 'symlink', linkname: 'd/self/../x' }],
  [{ name: 'good.txt' }, 'twice'],
  [{ name: 'good.txt/below' }, 'evil'],
  [{ name: 'last.txt' }, 'last'],
];

describe('S4 refused entry by entry, and the rest is extracted', () => {
  test.each(['tar', 'tar.gz'])('a hostile %s', async (ending) => {
    await tar(at(`bad.${ending}`), HOSTILE);
    const { state, log } = await unpack(at(`bad.${ending}`));
    expect(state).toBe('failed');
    expect(readFileSync(at('out/good.txt'), 'utf8')).toBe('good');
    expect(readFileSync(at('out/last.txt'), 'utf8')).toBe('last');
    expect(readdirSync(at('out')).sort()).toEqual(['d', 'good.txt', 'last.txt', 'sub']);
    expect(readdirSync(at('out/sub'))).toEqual([]);
    expect(readlinkSync(at('out/d/self'))).toBe('..');
    for (const path of ['/tmp/mantou-evil-absolute', '/tmp/mantou-evil-through', at('evil-up'), at('..', 'evil-deep')]) expect(existsSync(path)).toBe(false);
    expect(log.match(/^left out /gm)).toHaveLength(HOSTILE.length - 3);
    expect(log).not.toContain('new\nline');
    expect(left()).toEqual([]);
  });

  test('a zip with names that lead out, absolute ones and links', async () => {
    await zip(at('bad.zip'), [
      ['good.txt', 'good'], ['AA/evil1', 'evil'], ['Btmp/mantou-evil2', 'evil'], ['C_/evil3', 'evil'], ['twice', '1'], ['twicE', '2'],
      ['link', '/etc/passwd', { unixMode: 0o120777 }], ['near', 'good.txt', { unixMode: 0o120777 }], ['suid', '#!', { unixMode: 0o104755 }],
    ]);
    patchName(at('bad.zip'), 'AA/evil1', '../evil1');
    patchName(at('bad.zip'), 'Btmp/mantou-evil2', '/tmp/mantou-evil2');
    patchName(at('bad.zip'), 'C_/evil3', 'C:/evil3');
    patchName(at('bad.zip'), 'twicE', 'twice');
    const { state, log } = await unpack(at('bad.zip'));
    expect(state).toBe('failed');
    expect(readdirSync(at('out')).sort()).toEqual(['good.txt', 'near', 'suid', 'twice']);
    expect([readlinkSync(at('out/near')), readFileSync(at('out/twice'), 'utf8'), statSync(at('out/suid')).mode & 0o7777]).toEqual(['good.txt', '1', 0o755]);
    expect(log.match(/^left out /gm)).toHaveLength(5);
    expect([existsSync(at('evil1')), existsSync('/tmp/mantou-evil2')]).toEqual([false, false]);
  });

  test('a zip bomb: what becomes hundreds of times larger is left out, unless asked for', async () => {
    const zeros = new Blob([new Uint8Array(80 << 20)]);
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
    await writer.add('zeros', zeros.stream(), { level: 9 });
    await writer.add('small', new Blob(['x']).stream());
    writeFileSync(at('bomb.zip'), await writer.close());
    const { state, log } = await unpack(at('bomb.zip'));
    expect([state, readdirSync(at('out'))]).toEqual(['failed', ['small']]);
    expect(log).toContain('left out (bomb): "zeros"');
    expect((await unpack(at('bomb.zip'), { into: 'asked', large: true })).state).toBe('done');
    expect(statSync(at('asked/zeros')).size).toBe(80 << 20);
  }, 60_000);

  test('a tar.gz bomb ends the whole, and leaves nothing', async () => {
    const made = run('sh', '-c', 'head -c 320M /dev/zero > zeros && tar -czf bomb.tar.gz zeros && rm zeros');
    expect(made.code).toBe(0);
    const { state } = await unpack(at('bomb.tar.gz'));
    expect(state).toBe('failed');
    expect(readdirSync(at())).toEqual(['bomb.tar.gz']);
  }, 60_000);

  test('more than the disk has room for, by what the archive says', async () => {
    await zip(at('big.zip'), [['big', 'x'.repeat(1000), { level: 0 }], ['small', 'y']]);
    const bytes = readFileSync(at('big.zip'));
    // Size in the central directory (APPNOTE 4.3.12, offset 24): 3 GiB of 1000 bytes.
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes.writeUInt32LE(3 * 2 ** 30 >>> 0, central + 24);
    writeFileSync(at('big.zip'), bytes);
    const { state } = await unpack(at('big.zip'));
    expect([state, readdirSync(at('out'))]).toEqual(['failed', ['small']]);
  });
});

test('S4 a 7z with symlinks: they are left out', async () => {
  symlinkSync('/etc/passwd', at('evil'));
  writeFileSync(at('good'), 'good');
  run('7z', 'a', '-snl', 'links.7z', 'evil', 'good');
  rmSync(at('evil'));
  const { state, log } = await unpack(at('links.7z'));
  expect([state, readdirSync(at('out'))]).toEqual(['failed', ['good']]);
  expect(log).toContain('left out (linkTool): "evil"');
});
