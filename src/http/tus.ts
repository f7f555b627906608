import { Server, type Upload } from '@tus/server';
import type { Context } from 'hono';
import type { App } from '../core/app.ts';
import { CHECKSUMS } from '../core/files/uploads/checksum.ts';
import { tooLong, UploadRefusal } from '../core/files/uploads/refusal.ts';
import { UploadStore } from '../core/files/uploads/store.ts';
import { turnsOf } from '../core/files/uploads/turns.ts';
import { getSetting } from '../core/settings/settings.ts';
import { AppError } from '../lib/errors.ts';
import { messages } from '../i18n/languages.ts';
import { actorOf } from './actor.ts';
import type { Env } from './env.ts';
import { langOf } from './lang.ts';

const TYPE = 'application/offset+octet-stream';
/** The library refuses requests for headers that proxies add (a list in X-Forwarded-Proto): it sees these only. */
const HEADERS = [
  'tus-resumable', 'upload-length', 'upload-defer-length', 'upload-metadata', 'upload-offset', 'upload-concat', 'content-type', 'content-length',
];
/** What a POST may stand for where a proxy lets nothing else through (tus 1.0.0, "X-HTTP-Method-Override"). */
const OVERRIDES = ['HEAD', 'PATCH', 'DELETE'];
const GIB = 2 ** 30;
/** As large as a file may be on any file system of today (ZFS: 16 EiB; ext4: 16 TiB), and an exact number. */
const SIZE_MOST = 2 ** 52;

/** Resumable uploads by tus 1.0.0 below `base`, for pages and for the API alike. The way in has asked for the right. */
export async function answerTus(c: Context<Env>, base: string): Promise<Response> {
  const app = c.get('app');
  const { method, headers, body } = c.req.raw;
  const said = headers.get('x-http-method-override')?.toUpperCase() ?? '';
  const verb = method === 'POST' && OVERRIDES.includes(said) ? said : method;
  const id = c.req.param('id');
  if (verb === 'GET') return refusal(405, wordsOf(c).uploads.errors.method, { allow: 'HEAD, PATCH, DELETE, POST, OPTIONS' });
  const store = new UploadStore(app, actorOf(c), { verb, checksum: headers.get('upload-checksum') });
  const server = serverFor(app, store, base);
  try {
    checkBody(verb, headers);
    const kept = new Headers(HEADERS.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!] as [string, string]] : [])));
    const request = { method: verb, url: id ? `${base}/${id}` : base, headers: kept, body: verb === 'HEAD' ? null : body };
    return finished(c, await server.tus.handleWeb(request as unknown as Request), store, verb, server.thrown());
  } catch (error) {
    if (!(error instanceof UploadRefusal)) throw error;
    return refusal(error.answer, error.say(wordsOf(c)));
  } finally {
    await store.close();
  }
}

/** The library with our store, for one request. `thrown`: what a refusal was about. */
function serverFor(app: App, store: UploadStore, base: string) {
  let thrown: unknown = null;
  const limit = getSetting(app, 'uploadGiB');
  const tus = new Server({
    path: base,
    relativeLocation: true,
    maxSize: limit ? limit * GIB : SIZE_MOST,
    datastore: store,
    locker: turnsOf(app),
    // Whoever comes next for an upload takes it over: what has come by then is kept.
    lockDrainTimeout: 1,
    namingFunction: () => app.random.id(),
    async onUploadFinish() {
      await store.finish();
      return {};
    },
    onResponseError(_request, error) {
      thrown = error;
      if (error instanceof AppError) return { status_code: error instanceof UploadRefusal ? error.answer : error.status, body: '' };
      return undefined;
    },
  });
  // The library's own way leads through three streams of node and is a third as fast.
  const write: WriteToStore = (body, upload, most, { signal }) => store.take(body, upload.offset, most, signal);
  Object.assign(tus.handlers.PATCH, { writeToStore: write });
  // Who announces a file together with its bytes learns where it is only from a good answer: without one it must not stay.
  const writeNew: WriteToStore = (...args) =>
    write(...args).catch(async (error: unknown) => {
      await store.remove(args[1].id).catch(() => {});
      throw error;
    });
  Object.assign(tus.handlers.POST, { writeToStore: writeNew });
  return { tus, thrown: () => thrown };
}

/** BaseHandler.writeToStore of the library: what it calls with a body. */
type WriteToStore = (body: ReadableStream<Uint8Array> | null, upload: Upload, most: number, context: { signal: AbortSignal }) => Promise<number>;

/** What the library would find out only when the upload is there already. @throws UploadRefusal */
function checkBody(verb: string, headers: Headers) {
  const type = headers.get('content-type');
  if (verb === 'PATCH' && type !== null && type !== TYPE) throw new UploadRefusal('invalid', 415, (t) => t.uploads.errors.type);
  const whole = headers.get('upload-length');
  if (verb === 'POST' && type === TYPE && whole !== null && Number(headers.get('content-length') ?? 0) > Number(whole)) throw tooLong();
}

/** The library's answer, with what it leaves out and without what it adds for pages of others. */
async function finished(c: Context<Env>, answer: Response, store: UploadStore, verb: string, thrown: unknown): Promise<Response> {
  const status = answer.status;
  if (status >= 500 && thrown && !(thrown instanceof AppError) && (thrown as { status_code?: number }).status_code === undefined) throw thrown;
  if (status >= 400) return refusal(status, thrown instanceof AppError ? thrown.say(wordsOf(c)) : (await answer.text()).trim());
  const headers = new Headers();
  for (const [name, value] of answer.headers) if (!/^(access-control-|connection$|content-length$)/.test(name)) headers.append(name, value);
  headers.set('tus-resumable', '1.0.0');
  headers.set('cache-control', 'no-store');
  if (verb === 'OPTIONS') headers.set('tus-checksum-algorithm', CHECKSUMS.join(','));
  if (store.expiresAt !== null) headers.set('upload-expires', new Date(store.expiresAt).toUTCString());
  if (store.row?.endedAs) headers.set('mantou-upload-name', encodeURIComponent(store.row.endedAs));
  return new Response(null, { status, headers });
}

const wordsOf = (c: Context<Env>) => messages(langOf(c));

/** Every refusal is a problem (RFC 9457), in the reader's language. */
function refusal(status: number, detail: string, more: Record<string, string> = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', title: 'upload refused', status, detail });
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'tus-resumable': '1.0.0', 'tus-version': '1.0.0', ...more },
  });
}
