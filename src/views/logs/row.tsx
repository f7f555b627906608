import { PRIORITIES, type Priority } from '../../core/logs/query.ts';
import type { Format } from '../../i18n/format.ts';
import { segmentsOf, type Segment } from '../../lib/sgr.ts';
import type { LogEntry } from '../../platform/logs.ts';

/** An entry as a page shows it; the page's script is sent the same, and draws it as `EntryRow` does. */
export interface ShownEntry {
  cursor: string;
  /** `21:24:48`, and to the millisecond for machines; null where it does not tell. */
  time: [shown: string, whole: string] | null;
  level: Priority | null;
  /** Who wrote it: `sshd[558]`. */
  from: string;
  segments: Segment[];
  cut: boolean;
}

/** Letters that turn the writing around: with them a line shows something else than what it says (Unicode UAX 9, 2). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const DAY = 86_400_000;

export function showEntry(fmt: Format, now: number, { cursor, at, priority, identifier, unit, pid, message, cut }: LogEntry): ShownEntry {
  const name = identifier ?? unit?.replace(/\.service$/, '') ?? '';
  return {
    cursor, level: priority === null ? null : PRIORITIES[priority]!, cut,
    from: plain(name && pid !== null ? `${name}[${pid}]` : name),
    // A terminal would write over what stands before a carriage return: here nothing hides behind one.
    segments: segmentsOf(message.replace(/\r\n?/g, '\n').trimEnd()).map(([text, look]): Segment => [text.replace(TURNING, '\ufffd'), look]),
    time: at === null ? null : [timeOf(fmt, at, now), new Date(at).toISOString()],
  };
}

const plain = (text: string) => text.replace(/[\x00-\x1f\x7f]/g, '\ufffd').replace(TURNING, '\ufffd');

/** With its day when that is not today. */
function timeOf(fmt: Format, at: number, now: number): string {
  const time = fmt.time(at, true);
  return Math.abs(now - at) < DAY && fmt.date(at) === fmt.date(now) ? time : `${fmt.date(at, now)} ${time}`;
}

/** The level is told by its word as well as by its colour; where nothing is amiss it is told to who asks. */
export const LOUD: readonly Priority[] = ['emerg', 'alert', 'crit', 'err', 'warning'];

export function EntryRow({ entry, href, levels, open, cutText }: { entry: ShownEntry; href: string; levels: Record<Priority, string>; open: string; cutText: string }) {
  const { cursor, time, level, from, segments, cut } = entry;
  return (
    <li data-level={level ?? undefined} data-cursor={cursor}>
      <a href={`${href}${encodeURIComponent(cursor)}`} title={time ? time[1] : open}>
        {time ? <time datetime={time[1]}>{time[0]}</time> : '·'}
      </a>
      <em>{level && LOUD.includes(level) ? levels[level] : ''}</em>
      <b title={from}>{from}</b>
      <span title={cut ? cutText : undefined}>
        {segments.map(([text, look]) => (look ? <i class={look}>{text}</i> : text))}
        {cut ? '…' : null}
      </span>
    </li>
  );
}
