import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { DockerError, type DockerStream } from '../../platform/docker.ts';
import { refusal } from '../docker/ask.ts';
import { jsonLines } from '../docker/json-lines.ts';

/** A line of a pull, a push, a load or a build: `{"status":"Downloading","progressDetail":{"current":1,"total":9},"id":"ab12"}`, `{"stream":"Step 1/2 : FROM scratch\n"}`. */
const Line = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish().catch(null),
  stream: z.string().optional(),
  error: z.string().optional(),
  aux: z.looseObject({ ID: z.string().optional(), Digest: z.string().optional() }).nullish().catch(null),
});
export type EngineLine = z.output<typeof Line>;

const ERROR_MOST = 2000;

/**
 * Each line, until the engine has said everything. It has answered 200 long before it knows whether it works: what went
 * wrong is a line as well.
 * @throws AppError unavailable in the engine's words
 */
export async function followLines(stream: DockerStream, read: (line: EngineLine) => void): Promise<void> {
  try {
    for await (const value of jsonLines(stream)) {
      const line = Line.safeParse(value).data;
      if (!line) continue;
      if (line.error !== undefined) throw new AppError('unavailable', (t) => t.docker.refused({ message: line.error!.slice(0, ERROR_MOST) }));
      read(line);
    }
  } catch (error) {
    // What is no line of an engine is no fault of the panel.
    throw error instanceof DockerError ? refusal(error) : error;
  }
}
