import { AppError } from '../../../lib/errors.ts';
import type { LogFilter } from '../../logs.ts';

/** What systemd calls a cursor: `s=d2de…;i=4d;b=d442…;m=59bf69b9;t=6616381760265;x=5aa29df73de122c3` */
const CURSOR = /^[a-z]=[0-9a-f]{1,40}(;[a-z]=[0-9a-f]{1,40}){1,9}$/;

/** @throws AppError invalid */
export function checkCursor(cursor: string): string {
  if (!CURSOR.test(cursor)) throw new AppError('invalid', (t) => t.errors.badCursor, { field: 'cursor' });
  return cursor;
}

/** A pattern of a shell would be matched against all units, and there may be thousands. */
const UNIT = /^[\w:.\\@][\w:.\\@-]*$/;

/**
 * journalctl(1): each value stands in the word of its option, so none can be taken for another. Times are given as seconds with
 * six digits, which no time zone touches.
 * @throws AppError invalid for a unit that cannot be one
 */
export function filterArguments({ unit, identifier, kernel, priority, boot, since, until }: LogFilter): string[] {
  if (unit !== undefined && !UNIT.test(unit)) throw new AppError('invalid', (t) => t.logs.badUnit, { field: 'unit' });
  return [
    ...(unit === undefined ? [] : [`--unit=${unit}`]),
    ...(identifier === undefined ? [] : [`--identifier=${identifier}`]),
    ...(priority === undefined ? [] : [`--priority=${priority}`]),
    ...(since === undefined ? [] : [`--since=@${seconds(since)}`]),
    // The whole of its millisecond.
    ...(until === undefined ? [] : [`--until=@${seconds(until).slice(0, -3)}999`]),
    ...(kernel ? ['_TRANSPORT=kernel'] : []),
    ...(boot === undefined ? [] : [`_BOOT_ID=${boot}`]),
  ];
}

const seconds = (ms: number) => `${Math.floor(ms / 1000)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}000`;

/** PCRE takes a text as itself when all that is no letter and no digit of ASCII is escaped (pcre2pattern(3), "BACKSLASH"). */
export const literalPattern = (text: string) => text.replace(/[^\w\s\x80-\uffff]/g, '\\$&');
