import { AppError } from '../../../lib/errors.ts';
import type { LogFilter } from '../../logs.ts';

/** A log of the event log. It stands where a unit stands elsewhere; without one it is this. */
export const CHANNEL = 'System';

/** "Microsoft-Windows-TaskScheduler/Operational"; in a cursor it takes twice as many letters. */
const NAME = /^[^\x00-\x1f\x7f"'<>&|*?:\\]{1,120}$/;

/** @throws AppError invalid */
export function channelOf({ unit = CHANNEL }: LogFilter): string {
  if (!NAME.test(unit)) throw new AppError('invalid', (t) => t.logs.noChannel, { field: 'unit' });
  return unit;
}

export interface Place {
  channel: string;
  /** EventRecordID: it grows within a channel. */
  record: number;
  /** ms since 1970: tells the place in other channels. */
  at: number;
}

/** Letters, digits and ; only: the channel as the digits of its bytes. */
export const cursorOf = ({ channel, record, at }: Place) => `${Buffer.from(channel).toString('hex')};${record};${at}`;

/** @throws AppError invalid */
export function placeOf(cursor: string): Place {
  const found = /^((?:[0-9a-f]{2}){1,480});(\d{1,15});(\d{1,15})$/.exec(cursor);
  const channel = found ? Buffer.from(found[1]!, 'hex').toString() : '';
  if (!found || !NAME.test(channel)) throw new AppError('invalid', (t) => t.errors.badCursor, { field: 'cursor' });
  return { channel, record: Number(found[2]), at: Number(found[3]) };
}

/** winmeta.xml: 1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0, "always", is what audits have. */
const PRIORITIES = [6, 2, 3, 4, 6, 7];
export const priorityOf = (level: number) => PRIORITIES[level] ?? 7;

const iso = (ms: number) => new Date(Math.min(Math.max(ms, 0), 8.64e15)).toISOString();

/** In whichever quotes it has none of: this XPath knows no escapes ("Event Selection", learn.microsoft.com). @throws AppError invalid */
function quoted(name: string): string {
  const quote = [`'`, '"'].find((each) => !name.includes(each));
  if (!quote) throw new AppError('invalid', (t) => t.logs.noChannel, { field: 'identifier' });
  return quote + name + quote;
}

/**
 * The filter and the place as an XPath over the event's System, or null: nothing can be like that.
 *
 *     *[System[(Level=1 or Level=2) and Provider[@Name='Service Control Manager'] and TimeCreated[@SystemTime>='…'] and (EventRecordID<4711)]]
 */
export function xpathOf({ identifier, priority = 7, since, until, kernel, boot }: LogFilter, place: Place | null, to: 'older' | 'newer', channel: string): string | null {
  // There is no channel of the kernel, and the event log counts no starts.
  if (kernel || boot !== undefined) return null;
  const levels = PRIORITIES.flatMap((each, level) => (each <= priority ? [`Level=${level}`] : []));
  if (levels.length === 0) return null;
  const sign = to === 'older' ? '<' : '>';
  const here = place?.channel === channel;
  const times = [
    ...(since === undefined ? [] : [`@SystemTime>='${iso(since)}'`]),
    // The whole of its millisecond.
    ...(until === undefined ? [] : [`@SystemTime<'${iso(until + 1)}'`]),
    ...(place === null || here ? [] : [`@SystemTime${sign}'${iso(place.at)}'`]),
  ];
  const conditions = [
    ...(priority >= 7 ? [] : [`(${levels.join(' or ')})`]),
    ...(identifier === undefined ? [] : [`Provider[@Name=${quoted(identifier)}]`]),
    ...(times.length ? [`TimeCreated[${times.join(' and ')}]`] : []),
    ...(place !== null && here ? [`(EventRecordID${sign}${place.record})`] : []),
  ];
  return conditions.length ? `*[System[${conditions.join(' and ')}]]` : '*';
}
