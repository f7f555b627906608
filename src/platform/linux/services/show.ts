/** Readers of what `systemctl show` says (org.freedesktop.systemd1(5)); times with TZ=UTC, as all versions write them. */

export type Shown = ReadonlyMap<string, string>;

/**
 * Blocks of `Name=value`, with an empty line between units. A name that stands twice (ExecStart, TimersCalendar) is one
 * value with a line each.
 *
 *     MainPID=46
 *     ExecMainStartTimestamp=Sun 2026-11-29 05:23:53 UTC
 *     Id=nginx.service
 */
export function parseShow(text: string): Map<string, string>[] {
  const units: Map<string, string>[] = [];
  let unit = new Map<string, string>();
  const end = () => {
    if (unit.size) units.push(unit);
    unit = new Map();
  };
  for (const line of text.split('\n')) {
    if (line === '') {
      end();
      continue;
    }
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    const before = unit.get(name);
    unit.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  end();
  return units;
}

/** "Sun 2026-11-29 05:23:53 UTC" → ms since 1970; null for "", "n/a", "0". */
export function parseTime(text: string | undefined): number | null {
  const found = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))? UTC/.exec(text ?? '');
  if (!found) return null;
  const at = Date.parse(`${found[1]}T${found[2]}Z`);
  return Number.isNaN(at) ? null : at;
}

const UNITS: Record<string, number> = { us: 1e-3, 'μs': 1e-3, 'µs': 1e-3, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, month: 2_629_800_000, y: 31_557_600_000 };

/** "39min 37.541917s", "1w 2d", "100ms" (systemd.time(7)) → ms; null for "infinity", "0" and what is none. */
export function parseSpan(text: string | undefined): number | null {
  if (!text || text === '0' || text === 'infinity') return null;
  let ms = 0;
  for (const word of text.split(' ')) {
    const found = /^(\d+(?:\.\d+)?)(\D+)$/.exec(word);
    const unit = found && UNITS[found[2]!];
    if (!unit) return null;
    ms += Number(found[1]) * unit;
  }
  return ms;
}

/** "3911680" → a number; null for "[not set]", "" and the largest of 64 bits, which means the same. */
export function parseFigure(text: string | undefined): number | null {
  const figure = Number(text || Number.NaN);
  return Number.isFinite(figure) && figure < 2 ** 63 ? figure : null;
}

/** `a.service "b\\\\x2dc.service"`: what holds a backslash stands in quotes, as a shell would read it. */
export const words = (text: string | undefined) => (text?.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []).map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word));

/**
 * `{ path=/usr/sbin/nginx ; argv[]=/usr/sbin/nginx -g daemon on; ; ignore_errors=no ; start_time=[n/a] ; … }` →
 * `/usr/sbin/nginx -g daemon on;`. Words that hold spaces are not told apart by systemd.
 */
export const parseCommand = (text: string | undefined) => /argv\[\]=(.*?) ; (?:ignore_errors|flags)=/.exec(text ?? '')?.[1] ?? null;
