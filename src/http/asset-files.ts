import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Encoding, encodings } from './encoding.ts';
import { compressible, mediaType } from './media-type.ts';

/** The files a browser may ask for, by their path under public/: `css/base.css`. */
export interface AssetFiles {
  /** Changes whenever any file does. */
  hash(): string;
  get(path: string): AssetFile | undefined;
}

export interface AssetFile {
  type: string;
  /** of the uncompressed bytes */
  digest: string;
  /** codings it can be had in beside `identity` */
  encodings: readonly Encoding[];
  body(encoding: Encoding): Uint8Array<ArrayBuffer>;
}

/** What build.ts writes beside the files: the only thing that is read at start. */
export interface AssetManifest {
  hash: string;
  files: Record<string, { size: number; type: string; digest: string; encodings: Encoding[] }>;
}

/** The folder that build.ts makes: `manifest.json`, and a folder for each coding with the files in it. */
export function builtFiles(folder: string): AssetFiles {
  const manifest: AssetManifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const files = new Map<string, AssetFile>();
  for (const [path, { type, digest, encodings }] of Object.entries(manifest.files)) {
    files.set(path, { type, digest, encodings, body: remember((encoding) => readFileSync(join(folder, encoding, path))) });
  }
  return { hash: () => manifest.hash, get: (path) => files.get(path) };
}

/** How often a changed source is looked for while pages are drawn. */
const RESCAN_MS = 300;

/** public/ itself, for running from the sources: compressed on first use, read again when a file changes. */
export function sourceFiles(folder: string, now: () => number = Date.now): AssetFiles {
  let state = scan(folder);
  let scanned = now();
  const fresh = () => {
    if (now() - scanned < RESCAN_MS) return state;
    scanned = now();
    const next = scan(folder);
    if (next.hash !== state.hash) state = next;
    return state;
  };
  return { hash: () => fresh().hash, get: (path) => state.files.get(path) };
}

function scan(folder: string): { hash: string; files: Map<string, AssetFile> } {
  const files = new Map<string, AssetFile>();
  const hash = createHash('sha256');
  for (const path of listFiles(folder)) {
    const { size, mtimeMs } = statSync(join(folder, path));
    const digest = sha256(`${path} ${size} ${mtimeMs}`);
    hash.update(digest);
    const body = remember((encoding) => compress(readFileSync(join(folder, path)), encoding, 'fast'));
    files.set(path, { type: mediaType(path), digest, encodings: compressible(path) ? encodings : [], body });
  }
  return { hash: hash.digest('hex').slice(0, 16), files };
}

/** Regular files below a folder, sorted, with forward slashes; links are not followed. */
export function listFiles(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isDirectory()) return listFiles(join(folder, entry.name), `${prefix}${entry.name}/`);
      return entry.isFile() ? [prefix + entry.name] : [];
    })
    .sort();
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** `small` is for the build, which compresses once for all; `fast` for the sources, compressed while somebody waits. */
export function compress(bytes: Buffer<ArrayBuffer>, encoding: Encoding, effort: 'fast' | 'small'): Buffer<ArrayBuffer> {
  const small = effort === 'small';
  switch (encoding) {
    case 'zstd':
      // A page of rows takes 1.3 ms at level 9 and a fifth of that at 3, for a twentieth more bytes.
      return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: small ? 22 : 3 } });
    case 'br':
      return brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: small ? 11 : 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
    case 'gzip':
      return gzipSync(bytes, { level: small ? 9 : 6 });
    case 'identity':
      return bytes;
  }
}

function remember(make: (encoding: Encoding) => Uint8Array<ArrayBuffer>): AssetFile['body'] {
  const made = new Map<Encoding, Uint8Array<ArrayBuffer>>();
  return (encoding) => {
    const known = made.get(encoding) ?? make(encoding);
    made.set(encoding, known);
    return known;
  };
}
