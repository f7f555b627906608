import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTar } from './tar-source.ts';

test.each(['tar', 'tar.gz'] as const)('%s: whoever asks late for the entries still gets the first one', async (packing) => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-tar-'));
  mkdirSync(join(folder, 'in'));
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, 'in', name), name.repeat(10_000));
  const path = join(folder, `x.${packing}`);
  expect(Bun.spawnSync(['tar', packing === 'tar' ? '-cf' : '-czf', path, '-C', join(folder, 'in'), 'a', 'b', 'c']).exitCode).toBe(0);
  const archive = await openTar(path, statSync(path).size, packing, { signal: new AbortController().signal } as never);
  // As on a busy machine, where the folder it is unpacked into takes its time.
  await Bun.sleep(200);
  const names: string[] = [];
  for await (const entry of archive.entries()) {
    names.push(entry.name);
    let size = 0;
    await entry.read(async (piece) => void (size += piece.length));
    expect(size).toBe(10_000);
  }
  expect(names).toEqual(['a', 'b', 'c']);
  await archive.close();
  rmSync(folder, { recursive: true });
});
