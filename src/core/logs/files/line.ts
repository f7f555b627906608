import { MESSAGE_MOST, type LogEntry } from '../../../platform/logs.ts';

/** What a line of a file tells besides its text. */
type Told = Pick<LogEntry, 'at' | 'priority' | 'identifier' | 'pid' | 'message'>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

/** How programs call the priorities; the first letters decide. */
const LEVELS: readonly (readonly [RegExp, number])[] = [
  [/^emerg|^panic/i, 0], [/^alert/i, 1], [/^crit|^fatal|^severe/i, 2], [/^err/i, 3], [/^warn/i, 4], [/^notice/i, 5], [/^info/i, 6], [/^debug|^trace/i, 7],
];
const levelOf = (word: string | undefined): number | null => (word ? (LEVELS.find(([name]) => name.test(word))?.[1] ?? null) : null);

/** `error`, `[error]`, `ERROR:`, `level=error` right after the time. */
const LEVEL = /^\s*(?:level=|\[)?"?(emerg\w*|alert|crit\w*|fatal|severe|err(?:or)?|warn(?:ing)?|notice|info|debug|trace)"?(?:\]|:|\b)/i;

/** `Nov 29 05:24:22 ` has no year: the last one that is not in the future. */
function yearless(month: string, day: string, clock: string, now: number): number {
  const at = local(new Date(now).getFullYear(), MONTHS.indexOf(month), day, clock);
  return at > now + DAY ? local(new Date(now).getFullYear() - 1, MONTHS.indexOf(month), day, clock) : at;
}

/** In the time of this machine, as programs without a zone write it. */
function local(year: number, month: number, day: string, clock: string, fraction = ''): number {
  const [hours, minutes, seconds] = clock.split(':').map(Number);
  return new Date(year, month, Number(day), hours, minutes, seconds, Number(fraction.padEnd(3, '0').slice(0, 3))).getTime();
}

/** Each takes what stands at the beginning and says the time, and what is left. */
const FORMS: readonly (readonly [RegExp, (found: RegExpExecArray, now: number) => { at: number; level?: string | undefined; syslog?: boolean }])[] = [
  // rsyslog and syslog-ng (RFC 3339), the panel's own: `2026-11-29T05:24:22.079528+00:00 web sshd[48]: …`, `2026-01-01T00:00:00.000Z error …`
  [/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) /, ([, time]) => ({ at: Date.parse(time!), syslog: true })],
  // RFC 3164: `Nov 29 05:24:22 web sshd[48]: …`
  [/^(\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) /, ([, month, day, clock], now) => ({ at: yearless(month!, day!, clock!, now), syslog: true })],
  // nginx: `2025/11/22 05:24:22 [error] 812#812: …`
  [/^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) \[(\w+)\] /, ([, year, month, day, clock, level]) => ({ at: local(Number(year), Number(month) - 1, day!, clock!), level })],
  // Apache: `[Sat Nov 22 05:24:22.123456 2025] [core:error] …`
  [/^\[\w{3} (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d)(?:\.(\d+))? (\d{4})\] (?:\[\w*:(\w+)\] )?/, ([, month, day, clock, fraction, year, level]) => ({ at: local(Number(year), MONTHS.indexOf(month!), day!, clock!, fraction), level })],
  // dpkg, PostgreSQL, Java, Python: `2026-11-29 05:24:22,123 …`; alternatives has its name before it.
  [/^(?:[a-z-]{1,40} )?\[?(\d{4})-(\d\d)-(\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d+))?(?: (?:UTC|GMT))?\]?:? ?/, (found) => ({ at: local(Number(found[1]), Number(found[2]) - 1, found[3]!, found[4]!, found[5]) })],
];

/** Access logs of nginx and Apache have it in the middle, with a zone: `203.0.113.9 - - [22/Nov/2025:05:24:22 +0000] "GET / …` */
const ACCESS = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\]/;
const ACCESS_WITHIN = 600;

/** `web sshd[48]: ` after the time. */
const SYSLOG = /^(\S{1,255}) ([^\s:[\]]{1,100})(?:\[(\d{1,10})\])?: ?/;

/** Takes a line apart as far as it is plain to see; what is not stays in the message. @param now for times without a year */
export function parseLine(text: string, now: number): Told {
  const line = text.slice(0, MESSAGE_MOST);
  for (const [form, read] of FORMS) {
    const found = form.exec(line);
    if (!found) continue;
    const { at, level, syslog } = read(found, now);
    if (!Number.isFinite(at)) continue;
    const rest = line.slice(found[0].length);
    const from = syslog ? SYSLOG.exec(rest) : null;
    if (from) return { at, priority: null, identifier: from[2]!, pid: from[3] ? Number(from[3]) : null, message: rest.slice(from[0].length) };
    return { at, priority: levelOf(level ?? LEVEL.exec(rest)?.[1]), identifier: null, pid: null, message: rest };
  }
  const access = ACCESS.exec(line.slice(0, ACCESS_WITHIN));
  const at = access ? Date.parse(`${access[3]}-${String(MONTHS.indexOf(access[2]!) + 1).padStart(2, '0')}-${access[1]}T${access[4]}${access[5]}:${access[6]}`) : NaN;
  return { at: Number.isFinite(at) ? at : null, priority: null, identifier: null, pid: null, message: line };
}
