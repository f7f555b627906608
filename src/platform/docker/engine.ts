import { DockerError, type DockerCall, type DockerClient, type DockerPlace, type DockerStream } from '../docker.ts';
import { fetchOverPipe } from './pipe.ts';

const ANSWER_MS = 15_000;
/** Bytes of an answer that is read as a whole: thousands of containers are some megabytes (S22). */
const ANSWER_MOST = 64 << 20;
/** Of a refusal, which is a sentence. */
const REFUSAL_MOST = 64 << 10;

/**
 * An engine behind the runtime's own HTTP client, over a Unix socket, a named pipe of Windows (pipe.ts) or TCP. Docker's API is plain
 * HTTP: dockerode was tried, and took six times as long for an answer and 22 MiB more memory.
 * @param find asked each time: an engine may be installed, or another context chosen, while the panel runs
 * @param reach where requests go, when that is not what `find` says; it may have to be opened first
 */
export function createDocker(find: () => string, reach: (signal: AbortSignal) => DockerPlace | Promise<DockerPlace> = () => ({ url: find() })): DockerClient {
  const open = new Set<AbortController>();
  const dial = async ({ method = 'GET', path, query = {}, signal, timeout = ANSWER_MS, ...call }: DockerCall): Promise<Response> => {
    const begun = new AbortController();
    const late = setTimeout(() => begun.abort(new DockerError('silent', 'no answer in time')), timeout);
    const until = signal ? AbortSignal.any([begun.signal, signal]) : begun.signal;
    const { type, data: body } = contentOf(call);
    const headers = { ...call.headers, ...(type === undefined ? {} : { 'content-type': type }) };
    const target = `${path}${search(query)}`;
    try {
      const place = placeOf(await orAborted(reach(until), until));
      const response = place.pipe
        ? await fetchOverPipe(place.pipe, target, { method, headers, body, signal: until })
        // A stream says nothing for as long as nothing happens.
        : await fetch(`${place.base}${target}`, { method, headers, body, signal: until, redirect: 'manual', timeout: false, ...(place.unix ? { unix: place.unix } : {}), ...(place.tls ? { tls: place.tls } : {}) } as RequestInit);
      if (response.status < 400) return response;
      throw refusal(response.status, await textOf(response, REFUSAL_MOST, true));
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw begun.signal.aborted ? begun.signal.reason : unreachable(cause);
    } finally {
      clearTimeout(late);
    }
  };

  return {
    endpoint: find,
    async ask(call) {
      const late = AbortSignal.timeout(call.timeout ?? ANSWER_MS);
      try {
        const text = await textOf(await dial({ ...call, signal: call.signal ? AbortSignal.any([call.signal, late]) : late }), ANSWER_MOST);
        return parse(text);
      } catch (cause) {
        if (late.aborted && !call.signal?.aborted) throw new DockerError('silent', 'no answer in time', { cause });
        throw unreachable(cause);
      }
    },
    async stream(call) {
      const mine = new AbortController();
      const signal = call.signal ? AbortSignal.any([call.signal, mine.signal]) : mine.signal;
      open.add(mine);
      try {
        const { body } = await dial({ ...call, signal });
        return streamOf(body ?? new ReadableStream(), signal, { quiet: call.signal, done: () => open.delete(mine) });
      } catch (error) {
        open.delete(mine);
        throw error;
      }
    },
    hangUp() {
      for (const one of open) one.abort(new DockerError('broken', 'another engine was chosen'));
    },
  };
}

/** What is being opened may take longer than whoever asks waits. */
async function orAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What is sent: JSON as bytes, so that its length is known before. */
function contentOf({ body, content }: Pick<DockerCall, 'body' | 'content'>): { type?: string; data: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null } {
  if (content) return content;
  return body === undefined ? { data: null } : { type: 'application/json', data: new TextEncoder().encode(JSON.stringify(body)) };
}

/** @param cut what is longer is cut off there. @throws DockerError for what is longer, else */
async function textOf({ body }: Response, most: number, cut = false): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Whoever leaves this loop lets go of the rest.
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    size += piece.length;
    if (size <= most) continue;
    if (cut) break;
    throw new DockerError('broken', `an answer of more than ${most} bytes`);
  }
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, most));
}

/** An answer that is no JSON is text: `/_ping` says OK. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param quiet when this one ends it, whoever reads is not told why: they did it themselves */
function streamOf(body: ReadableStream<Uint8Array>, signal: AbortSignal, { quiet, done }: { quiet: AbortSignal | undefined; done: () => void }): DockerStream {
  const reader = body.getReader();
  const destroy = () => {
    done();
    void reader.cancel().catch(() => {});
  };
  signal.addEventListener('abort', destroy, { once: true });
  async function* pieces() {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      if (signal.aborted) throw signal.reason;
    } catch (cause) {
      // Whoever let go of it does not ask why it ended.
      if (!quiet?.aborted) throw unreachable(signal.aborted ? signal.reason : cause);
    } finally {
      destroy();
      signal.removeEventListener('abort', destroy);
    }
  }
  return Object.assign(pieces(), { destroy });
}

/** The query as the engine reads it, with its `?`; '' for none. */
export function search(query: NonNullable<DockerCall['query']>): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.map((one: string) => [key, one]);
    return [[key, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

function refusal(status: number, text: string): DockerError {
  const said = parse(text);
  const message = typeof said === 'object' && said !== null && 'message' in said ? said.message : said;
  return new DockerError(status, (typeof message === 'string' ? message.trim().slice(0, 2000) : '') || `HTTP ${status}`);
}

/** Bun's own codes of a socket that is not there, beside those of the system. */
const ABSENT = ['ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'ConnectionRefused', 'FailedToOpenSocket'];

/** OpenSSL's names of what is wrong with the other's certificate (openssl-verification-options(1)), as the runtime gives them. */
const UNTRUSTED = /CERT|SIGNATURE|ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|CRL|PURPOSE/;

function unreachable(cause: unknown): DockerError {
  if (cause instanceof DockerError) return cause;
  const { code = '', message: whole = String(cause) } = (cause ?? {}) as { code?: string; message?: string };
  // The runtime's advice to programmers, which nobody here can follow.
  const message = whole.replace(/\s*For more information, pass .*$/, '');
  if (UNTRUSTED.test(code)) return new DockerError('untrusted', message.startsWith(code) ? message : `${code}: ${message}`, { cause });
  if (['EACCES', 'EPERM'].includes(code)) return new DockerError('refused', message, { cause });
  return new DockerError(ABSENT.includes(code) ? 'absent' : 'broken', message, { cause });
}

/** `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2375`. @throws DockerError for what is none of these */
function placeOf({ url: endpoint, tls }: DockerPlace): { base: string; unix?: string; pipe?: string; tls?: DockerPlace['tls'] } {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.+)$/.exec(endpoint) ?? [];
  if (scheme === 'unix') return { base: 'http://docker', unix: rest };
  if (scheme === 'npipe') return { base: '', pipe: rest.startsWith('//./') ? rest.replaceAll('/', '\\') : rest };
  if (scheme === 'tcp' && tls) return { base: `https://${rest.replace(/\/$/, '')}`, tls };
  if (scheme === 'tcp' || scheme === 'http') return { base: `http://${rest.replace(/\/$/, '')}` };
  throw new DockerError('broken', `an endpoint that is not known: ${endpoint}`);
}
