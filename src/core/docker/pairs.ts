import { z } from 'zod';
import { say } from '../../lib/issue.ts';

/** Names and values: labels, and options of drivers. No control characters: they end up in other programs' lines (S3). */
export const Pairs = z.record(z.string().min(1).max(256).regex(/^[^\x00-\x1f\x7f=]+$/), z.string().max(4096).regex(/^[^\x00-\x1f\x7f]*$/))
  .refine((pairs) => Object.keys(pairs).length <= 100);

/** The same as a person types it: `name=value`, one a line. */
export const PairLines = z.string().max(64_000).default('').transform((text, ctx) => {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const pairs = lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()] as const);
  const parsed = Pairs.safeParse(Object.fromEntries(pairs));
  if (parsed.success && lines.every((line) => line.indexOf('=') > 0)) return parsed.data;
  ctx.addIssue({ code: 'custom', message: say('docker.pairs', (t) => t.docker.pairs) });
  return z.NEVER;
});
