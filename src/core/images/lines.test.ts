import { expect, test } from 'bun:test';
import { testApp } from '../../../test/support/app.ts';
import { AppError } from '../../lib/errors.ts';
import { DockerError, type DockerStream } from '../../platform/docker.ts';
import { streamDocker } from '../docker/ask.ts';
import { followLines } from './lines.ts';

function saying(...pieces: (string | Error)[]): DockerStream {
  async function* all() {
    for (const piece of pieces) {
      if (piece instanceof Error) throw piece;
      yield Buffer.from(piece);
    }
  }
  return Object.assign(all(), { destroy() {} });
}

test('S22 an engine that breaks off, says no JSON or a line without an end is refused in words, and is no fault of the panel', async () => {
  const panel = testApp();
  const outcome = async (...pieces: (string | Error)[]) => {
    Object.assign(panel.app.host.docker, { stream: async () => saying(...pieces) });
    const seen: unknown[] = [];
    return await followLines(await streamDocker(panel.app, { path: '/x' }), (line) => void seen.push(line.status)).then(() => seen, (error: unknown) => (error instanceof AppError ? [error.code, error.detail] : error));
  };
  expect(await outcome('{"status":"a"}\n[]\n7\n{"status":{}}\n{"sta', 'tus":"b"}')).toEqual(['a', 'b']);
  expect(await outcome('{"status":"a"}\n<html>\n')).toEqual(['unavailable', 'a line that is no JSON']);
  expect(await outcome(...Array.from({ length: 6 }, () => 'x'.repeat(1 << 20)))).toEqual(['unavailable', 'a line without an end']);
  expect(await outcome('{"status":"a"}\n', new DockerError('broken', 'it went'))).toEqual(['unavailable', 'it went']);
  await panel.close();
});
