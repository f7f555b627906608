import { z } from 'zod';
import { say } from '../../lib/issue.ts';
import type { LogFilter } from '../../platform/logs.ts';
import { compile, PATTERN_MOST, type Pattern } from '../files/search/pattern.ts';

/** RFC 5424, 6.2.1, as journalctl and syslog call them; their place is their number. */
export const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One line, without what would be another one in a configuration or an address. */
const Line = (most: number) => z.string().max(most).regex(/^[^\0\r\n]*$/, say('logs.line', (t) => t.logs.oneLine));

/** Which log, and what of it. */
export const LogQuery = z.object({
  /** `journal`, `kernel`, or the path of a file. */
  source: Line(4096).default('journal'),
  unit: Line(256).optional(),
  identifier: Line(200).optional(),
  /** This and all that is more urgent. */
  priority: z.enum(PRIORITIES).optional(),
  boot: z.string().regex(/^[\w.:-]{1,64}$/).optional(),
  /** Text, or with `regex` an expression, in any case. */
  q: Line(PATTERN_MOST).default(''),
});

/** ms since 1970, both inclusive. */
export type LogQuery = z.output<typeof LogQuery> & { regex: boolean; since?: number | undefined; until?: number | undefined };

export const isFile = (source: string) => source !== 'journal' && source !== 'kernel';

/** It is unpacked while it is read, and nothing is added to it any more. */
export const isPacked = (path: string) => /\.(gz|zst)$/.test(path);

/** What is looked for, made ready once. @throws AppError invalid for an expression that is none */
export const patternOf = ({ q, regex }: Pick<LogQuery, 'q' | 'regex'>): Pattern | null => {
  if (q === '') return null;
  try {
    return compile({ text: q, regex, exact: false });
  } catch (error) {
    // The field of this form has another name.
    if (error instanceof Error && 'field' in error) Object.assign(error, { field: 'q' });
    throw error;
  }
};

/** Takes time in proportion to the line, whatever the expression (RE2); it looks no further into a line than its cost allows. */
export function testOf(pattern: Pattern, { q, regex }: Pick<LogQuery, 'q' | 'regex'>): (text: string) => boolean {
  if (regex) return (text) => pattern.find(text.length > pattern.block ? text.slice(0, pattern.block) : text) !== null;
  const words = q.toLowerCase();
  return (text) => text.toLowerCase().includes(words);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Is there a match in these lines? Asked of many at once, as asking each by itself takes far longer; others get their turn. */
export async function isIn(pattern: Pattern, bytes: Buffer): Promise<boolean> {
  if (!pattern.may(bytes)) return false;
  for (let at = 0; at < bytes.length; ) {
    const last = bytes.lastIndexOf(0x0a, Math.min(bytes.length, at + pattern.block) - 1);
    const next = last >= at ? last + 1 : bytes.indexOf(0x0a, at) + 1 || bytes.length;
    if (pattern.find(bytes.toString('utf8', at, Math.min(next, at + pattern.block)))) return true;
    at = next;
    await turn();
  }
  return false;
}

export function filterOf(query: LogQuery, pattern = patternOf(query)): LogFilter {
  const { source, unit, identifier, priority, boot, since, until, q, regex } = query;
  return {
    unit, identifier, boot, since, until, kernel: source === 'kernel',
    priority: priority === undefined ? undefined : PRIORITIES.indexOf(priority),
    match: pattern ? { text: q, regex, test: testOf(pattern, query) } : undefined,
  };
}
