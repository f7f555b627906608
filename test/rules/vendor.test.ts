import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { listFiles } from '../../src/http/asset-files.ts';
import { root, VENDORED } from '../../scripts/vendor.ts';

test('what browsers load is the installed library, byte for byte', async () => {
  expect(listFiles(join(root, 'public/vendor')).sort()).toEqual(Object.keys(VENDORED).sort());
  for (const [name, path] of Object.entries(VENDORED)) {
    const copy = await Bun.file(join(root, 'public/vendor', name)).bytes();
    const installed = await Bun.file(join(root, 'node_modules', path)).bytes();
    expect(Bun.SHA256.hash(copy, 'hex'), `${name}: run \`bun run vendor\``).toBe(Bun.SHA256.hash(installed, 'hex'));
  }
});
