/** Lines for as long as somebody reads, or until `end`. `begin` gives what to do when nobody reads any longer. */
export function ndjson(begin: (send: (line: string) => void, end: () => void) => () => void): Response {
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = begin((line) => controller.enqueue(new TextEncoder().encode(line)), () => controller.close());
    },
    cancel: () => stop(),
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}
