// The gallery in a browser: `bun test/gallery/serve.ts [port]`. Parts only, no panel; ?theme= and ?lang= choose.
import { join } from 'node:path';
import { isLang } from '../../src/i18n/languages.ts';
import type { Theme } from '../../src/views/ui.ts';
import { Gallery, GalleryTray } from './gallery.tsx';
import { GallerySignIn } from './signin.tsx';
import { galleryUi } from './ui.ts';

const publicDir = join(import.meta.dir, '../../public');
// The policy of the panel: what it forbids must not be needed.
const POLICY =
  "default-src 'none'; script-src 'self' 'nonce-gallery'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'";

/** Serves the gallery; `port` 0 takes a free one. `more` answers first, for tests of live pages. */
export function serveGallery(port = 0, more?: (url: URL) => Response | undefined) {
  return Bun.serve({
    hostname: '127.0.0.1',
    port,
    idleTimeout: 0,
    fetch: (request) => {
      const url = new URL(request.url);
      return more?.(url) ?? answer(url, request);
    },
  });
}

async function answer(url: URL, request: Request): Promise<Response> {
  const asset = /^\/assets\/0\/([\w./-]+)$/.exec(url.pathname)?.[1];
  if (asset && !asset.includes('..')) return new Response(Bun.file(join(publicDir, asset)));
  if (url.pathname === '/healthz') return Response.json({ status: 'ok', version: '0.1.0' });
  if (request.method === 'POST') return Response.redirect('/', 303);
  const lang = url.searchParams.get('lang');
  const ui = galleryUi({
    lang: isLang(lang) ? lang : 'en',
    theme: (url.searchParams.get('theme') ?? 'light') as Theme,
    path: url.pathname,
    hostname: url.searchParams.get('host') ?? 'hk-01',
  });
  if (url.pathname === '/tasks/tray') return html(String(GalleryTray({ ui })));
  const view = url.pathname === '/signin' ? GallerySignIn({ ui }) : Gallery({ ui });
  return html(`<!doctype html>${String(await view)}`);
}

function html(body: string): Response {
  return new Response(body, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
  });
}

if (import.meta.main) console.log(String(serveGallery(Number(process.argv[2] ?? 0)).url));
