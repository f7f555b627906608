import { DockerError, type DockerStream } from '../../platform/docker.ts';

/** A line that is longer is no line of an engine. */
const LINE_MOST = 4 << 20;

/** One value per line, as engines send events, statistics and the progress of a pull. @throws DockerError for a line that is no JSON */
export async function* jsonLines(stream: DockerStream): AsyncGenerator<unknown> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    // What is there already has no end of a line in it, and is not looked through again with each piece.
    const [first, ...lines] = decoder.decode(piece, { stream: true }).split('\n') as [string, ...string[]];
    lines.unshift(rest + first);
    rest = lines.pop()!;
    if (rest.length > LINE_MOST) throw new DockerError('broken', 'a line without an end');
    for (const line of lines) if (line.trim()) yield parsed(line);
  }
  if (rest.trim()) yield parsed(rest);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new DockerError('broken', 'a line that is no JSON', { cause });
  }
}
