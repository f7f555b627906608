import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

interface PipeRequest {
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | ReadableStream<Uint8Array> | null;
  signal: AbortSignal;
}

/**
 * A request over a named pipe of Windows: the runtime's `fetch` opens none (Bun 1.4), its `node:http` does.
 * @param path of the pipe, or of a socket
 * @throws Error with the system's `code`
 */
export function fetchOverPipe(path: string, target: string, { method, headers, body, signal }: PipeRequest): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const asked = request({ socketPath: path, path: target, method, headers: { ...headers, host: 'docker', ...(body instanceof Uint8Array ? { 'content-length': body.byteLength } : {}) }, signal }, (answer) => {
    const status = answer.statusCode ?? 502;
    // These have no body, and a Response insists on it.
    if (status === 204 || status === 304) answer.resume();
    resolve(new Response(status === 204 || status === 304 ? null : (Readable.toWeb(answer) as unknown as ReadableStream), { status }));
  });
  asked.on('error', reject);
  if (body instanceof ReadableStream) void pipeline(Readable.fromWeb(body as unknown as NodeReadableStream), asked).catch(reject);
  else asked.end(body ?? undefined);
  return promise;
}
