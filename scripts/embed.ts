/** Makes the folder of assets that is embedded into the executable; src/http/asset-files.ts reads it back. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AssetManifest, compress, listFiles, sha256 } from '../src/http/asset-files.ts';
import { type Encoding, encodings } from '../src/http/encoding.ts';
import { compressible, mediaType } from '../src/http/media-type.ts';

/**
 * Writes `<target>/<coding>/<path>` for every file, in each coding that makes it smaller, and `<target>/manifest.json`.
 *
 * @param source public/
 * @param extra generated files by their path: the licences
 */
export function embedAssets(source: string, target: string, extra: Readonly<Record<string, string>>): AssetManifest {
  const contents = new Map<string, Buffer<ArrayBuffer>>();
  for (const path of listFiles(source)) contents.set(path, readFileSync(join(source, path)));
  for (const [path, text] of Object.entries(extra)) contents.set(path, Buffer.from(text));
  const files: AssetManifest['files'] = {};
  for (const [path, bytes] of [...contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // An address is looked up as it was sent: a name that browsers would escape could never be found.
    if (!/^[\w.@-]+(\/[\w.@-]+)*$/.test(path)) throw new Error(`public/${path}: names are letters, digits, "." "_" "-" "@".`);
    place(target, 'identity', path, bytes);
    const made: Encoding[] = [];
    for (const encoding of compressible(path) ? encodings : []) {
      const smaller = compress(bytes, encoding, 'small');
      if (smaller.length >= bytes.length) continue;
      place(target, encoding, path, smaller);
      made.push(encoding);
    }
    files[path] = { size: bytes.length, type: mediaType(path), digest: sha256(bytes), encodings: made };
  }
  const manifest = { hash: sha256(JSON.stringify(files)), files };
  writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}

function place(target: string, encoding: Encoding, path: string, bytes: Uint8Array): void {
  const file = join(target, encoding, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
