import type { LogLine } from '../../core/containers/log-lines.ts';
import { segmentsOf, type Segment } from '../../lib/sgr.ts';
import type { Format } from '../../i18n/format.ts';

/** A line as a page shows it; the page's script is sent the same, and draws it as `LogRow` does. */
export interface ShownLine {
  /** `21:24:48`, and as the engine wrote it; null where there is none. */
  time: [shown: string, whole: string] | null;
  stderr: boolean;
  cut: boolean;
  segments: Segment[];
  /** Which service of a stack wrote it, and the number of its colour. */
  from?: [name: string, color: number];
}

export function showLine(fmt: Format, { time, stream, text, cut }: LogLine): ShownLine {
  return { time: time === null ? null : [fmt.time(Date.parse(time), true), time], stderr: stream === 'stderr', cut, segments: segmentsOf(text) };
}

export function LogRow({ line: { time, stderr, cut, segments, from }, cutText }: { line: ShownLine; cutText: string }) {
  return (
    <li class={stderr ? 'err' : undefined}>
      {time ? (
        <time datetime={time[1]} title={time[1]}>
          {time[0]}
        </time>
      ) : null}
      {from ? <b data-color={String(from[1])}>{from[0]}</b> : null}
      <span title={cut ? cutText : undefined}>
        {segments.map(([text, look]) => (look ? <i class={look}>{text}</i> : text))}
        {cut ? '…' : null}
      </span>
    </li>
  );
}
