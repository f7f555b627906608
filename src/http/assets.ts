import { join } from 'node:path';
import { type AssetFiles, builtFiles, sourceFiles } from './asset-files.ts';
import { chooseEncoding } from './encoding.ts';
import type { AssetSource } from './env.ts';

/**
 * Styles, scripts and icons. In the executable they lie beside the bundled code, compressed when it was built, and only
 * their manifest is read at start; from the sources they are public/ itself.
 */
export function loadAssets(): AssetSource {
  if (Bun.isStandaloneExecutable) return serveAssets(builtFiles(join(import.meta.dir, 'assets')));
  return serveAssets(sourceFiles(join(import.meta.dir, '..', '..', 'public')));
}

/**
 * Answers `/assets/<hash>/<path>`. The path is looked up in a map exactly as it came, undecoded: names are plain ASCII,
 * and what is not in the map (`..`, `%2e`, `..%5C`, `C:`, `file::$DATA`, another case) does not exist.
 * As the hash changes with the content, a browser may keep an answer for ever; another hash is not found.
 */
export function serveAssets(files: AssetFiles): AssetSource {
  return {
    get hash() {
      return files.hash();
    },
    url: (path) => `/assets/${files.hash()}/${path}`,
    respond(request, path) {
      const prefix = `/assets/${files.hash()}/`;
      const file = path.startsWith(prefix) ? files.get(path.slice(prefix.length)) : undefined;
      if (!file) return null;
      const encoding = chooseEncoding(request.headers.get('accept-encoding'), file.encodings);
      const etag = `"${file.digest}-${encoding}"`;
      const headers = new Headers({ 'cache-control': 'public, max-age=31536000, immutable', etag });
      if (file.encodings.length > 0) headers.set('vary', 'Accept-Encoding');
      if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
      headers.set('content-type', file.type);
      if (encoding !== 'identity') headers.set('content-encoding', encoding);
      return new Response(file.body(encoding), { headers });
    },
  };
}

/** `If-None-Match: W/"a", "b"` or `*` (RFC 9110, section 13.1.2: compared weakly) */
function matches(header: string | null, etag: string): boolean {
  if (!header) return false;
  return header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
