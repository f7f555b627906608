/**
 * Pieces as a stream that asks for the next one only when the reader wants it. The reader going away ends the source
 * (its `finally` runs).
 */
export function streamOf<T extends Uint8Array>(pieces: AsyncIterable<T>): ReadableStream<T> {
  const source = pieces[Symbol.asyncIterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const next = await source.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
