import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { openFile } from '../../core/files/entry.ts';
import { lookAt, type Look } from '../../core/files/previews/look.ts';
import { PREVIEW_MOST } from '../../core/files/previews/shows.ts';
import { decode } from '../../core/files/text/encodings.ts';
import { withSource } from '../../core/files/windows/source.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { dispositionOf, fileResponse } from '../../http/file-response.ts';
import { readQuery } from '../../http/list.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';

const Query = z.object({ path: z.string().max(400_000), as: z.enum(['file', 'page']).default('file') });

/**
 * What somebody else wrote, whatever it is, runs and loads nothing in the panel's name (S15). `sandbox` gives it an
 * origin of its own without scripts, forms and refresh; inline styles and data: pictures cannot ask anybody anything.
 */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'none'; form-action 'none'; base-uri 'none'";

/** Elements that load, lead elsewhere or run. The policy stops them as well, but for a connection made ahead (`rel=preconnect`). */
const REMOVED = 'script, noscript, link, base, meta, iframe, frame, frameset, object, embed, applet, portal, template';

/** Bytes of a file for previews: shown only as what they are seen to be, everything else is a download. */
export function raw(app: App) {
  const r = new Hono<Env>();

  r.get('/files/raw', allow('files.read'), async (c) => {
    const { path, as } = readQuery(c, Query);
    const look = await lookAt(app, actorOf(c), path);
    if (look.entry === 'folder') throw new AppError('invalid', (t) => t.files.errors.isFolder);
    if (look.entry !== 'file') throw new AppError('invalid', (t) => t.files.errors.special);
    const answer = as === 'page' ? await pageOf(app, c, look) : look.virtual ? await virtual(app, c, look) : await file(app, c, look);
    const { headers } = answer;
    headers.set('content-security-policy', `${SANDBOX}; frame-ancestors ${as === 'page' ? "'self'" : "'none'"}`);
    headers.set('x-dns-prefetch-control', 'off');
    if (as === 'page') headers.set('x-frame-options', 'SAMEORIGIN');
    return answer;
  });

  return r;
}

async function file(app: App, c: Context<Env>, look: Look): Promise<Response> {
  const type = shownType(look, asImage(c));
  return fileResponse(c, await openFile(app, actorOf(c), look.path), { name: look.name, ...(type ? { inline: { type } } : {}) });
}

/**
 * Is it put into a page as a picture? There an SVG runs and loads nothing. As a document, sandboxed, a frame in it still
 * makes Chromium open a connection before the policy stops the request (seen).
 */
const asImage = (c: Context<Env>) => c.req.header('sec-fetch-dest') === 'image';

/** The type that may be shown, from the bytes; null: only downloaded. HTML is shown as the text that it is. */
function shownType({ kind, type, encoding }: Look, image: boolean): string | null {
  if (kind === 'binary') return null;
  if (!encoding || (kind === 'svg' && image)) return type;
  return `text/plain; charset=${encoding === 'latin1' ? 'iso-8859-1' : encoding}`;
}

/** Files of /proc: no length is known before they are read. */
const virtual = (app: App, c: Context<Env>, look: Look) =>
  withSource(app, actorOf(c), look.path, async (source) => {
    const type = shownType(look, asImage(c));
    const headers = { 'content-type': type ?? 'application/octet-stream', 'content-disposition': dispositionOf(look.name, type ? 'inline' : 'attachment') };
    return new Response(new Uint8Array(await source.read(0, source.size)), { headers });
  });

/** A web page without what acts, for our own preview frame. */
async function pageOf(app: App, c: Context<Env>, look: Look): Promise<Response> {
  const most = PREVIEW_MOST.html!;
  if (look.kind !== 'html' || !look.encoding) throw new AppError('invalid', (t) => t.view.errors.notShown);
  if (look.size > most) throw new AppError('invalid', (t) => t.view.tooLarge({ size: uiOf(c).fmt.bytes(most) }));
  const bytes = await withSource(app, actorOf(c), look.path, (source) => source.read(0, most));
  const { text } = decode(bytes, look.encoding);
  const clean = new HTMLRewriter().on(REMOVED, { element: (element) => void element.remove() }).transform(text);
  return new Response(clean, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}
