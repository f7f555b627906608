import { ModeTracker } from '../../../platform/pty-host/modes.ts';
import { castHead, castSize, readCast } from './cast.ts';

/** A point so often: what has to be drawn again to get anywhere. */
const STEP = 512 * 1024;

/** From here a recording can be drawn: seconds, byte, size, and the modes that what came before left behind. */
export type CastPoint = [seconds: number, byte: number, cols: number, rows: number, modes: string];

export interface CastIndex {
  bytes: number;
  seconds: number;
  points: CastPoint[];
}

/**
 * How long a recording is and from where it can be drawn, so that a player gets anywhere without drawing everything before:
 * what an hour of output left on the screen, its last few MB did.
 */
export async function indexCast(path: string): Promise<CastIndex> {
  const modes = new ModeTracker();
  let size = await castHead(path);
  const points: CastPoint[] = [[0, 0, size.cols, size.rows, '']];
  let bytes = 0;
  let seconds = 0;
  let text = '';
  const scan = () => {
    if (text) modes.scan(Buffer.from(text));
    text = '';
  };
  for await (const { events, next } of readCast(path)) {
    bytes = next;
    for (const event of events) {
      if (event.at - points.at(-1)![1] >= STEP) {
        scan();
        points.push([event.seconds, event.at, size.cols, size.rows, modes.restore()]);
      }
      if (event.kind === 'o') text += event.text;
      if (event.kind === 'r') size = castSize(event.text) ?? size;
      seconds = Math.max(seconds, event.seconds);
    }
    scan();
  }
  return { bytes, seconds, points };
}
