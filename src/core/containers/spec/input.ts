import { parse } from 'shell-quote';
import { z } from 'zod';
import { say } from '../../../lib/issue.ts';
import { ImageKey } from '../../images/reference.ts';
import { BadLine, devicesOf, envOf, mountsOf, pairsOf, portsOf } from './lines.ts';

export const RESTART_POLICIES = ['no', 'on-failure', 'unless-stopped', 'always'] as const;

type Rule = 'nameRule' | 'imageRule' | 'commandRule' | 'envRule' | 'portRule' | 'mountRule' | 'labelRule' | 'deviceRule' | 'memoryRule' | 'cpuRule' | 'capabilityRule' | 'lineRule' | 'networkRule' | 'secondsRule';
const rule = (key: Rule) => say(`containerForm.${key}`, (t) => t.containerForm[key]);

/** One line of a form; nothing that no program prints. */
const line = (most = 500) => z.string().trim().max(most, rule('lineRule')).regex(/^[^\p{Cc}]*$/u, rule('lineRule')).default('');

/** A field whose lines one of lines.ts takes apart: what it cannot take is what is wrong. */
const listed = <T>(take: (text: string) => T, key: Rule) =>
  z.string().max(200_000, rule(key)).default('').transform((text, context): T => {
    try {
      return take(text);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      context.addIssue({ code: 'custom', message: rule(key) });
      return z.NEVER;
    }
  });

/** Words of a shell, without its variables, patterns and pipes: nobody runs a shell on them. */
function wordsOf(text: string): string[] {
  const parts = parse(text, (name) => `$${name}`);
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    if ('pattern' in part) return part.pattern;
    throw new BadLine(text);
  });
}

const SIZE = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i;
const POWERS = { '': 0, b: 0, k: 1, m: 2, g: 3, t: 4 } as const;

/** `512m`, `1.5 GB`, '' for none: bytes, in powers of 1024 as `docker run -m` takes them. */
const bytes = z.string().trim().default('').transform((text, context) => {
  if (text === '' || text === '0') return 0;
  const [, number, unit = ''] = SIZE.exec(text) ?? [];
  const size = Math.round(Number(number) * 1024 ** POWERS[unit.toLowerCase() as keyof typeof POWERS]);
  if (number !== undefined && size >= 6 << 20) return size;
  context.addIssue({ code: 'custom', message: rule('memoryRule') });
  return z.NEVER;
});

const cores = z.string().trim().default('').transform((text) => (text === '' ? 0 : Number(text.replace(',', '.')))).refine((n) => Number.isFinite(n) && n >= 0 && n <= 4096 && (n === 0 || n >= 0.01), rule('cpuRule'));

const capabilities = z.string().trim().default('').transform((text) => text.split(/[\s,]+/).filter(Boolean).map((one) => one.toUpperCase().replace(/^CAP_/, '')))
  .refine((all) => all.every((one) => /^[A-Z_]{2,40}$/.test(one)), rule('capabilityRule'));

const seconds = (least: number) => z.literal('').transform(() => 0).or(z.coerce.number(rule('secondsRule')).int(rule('secondsRule')).min(least, rule('secondsRule')).max(86_400, rule('secondsRule'))).default(0);

const ticked = z.enum(['on', '']).optional().transform((on) => on === 'on');

/** A reference, or an id. */
const ImageName = z.string().trim().refine((text) => ImageKey.safeParse(text).success, rule('imageRule'));

/** What a container is made of, as a form gives it; lists are one a line. */
export const ContainerInput = z.object({
  name: z.string().trim().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/, rule('nameRule')).refine((name) => !/\.mantou-(new|old)$/.test(name), rule('nameRule')),
  image: ImageName,
  command: listed(wordsOf, 'commandRule'),
  entrypoint: listed(wordsOf, 'commandRule'),
  env: listed(envOf, 'envRule'),
  ports: listed(portsOf, 'portRule'),
  mounts: listed(mountsOf, 'mountRule'),
  network: z.string().trim().max(255, rule('networkRule')).regex(/^$|^[a-zA-Z0-9][\w.-]*$/, rule('networkRule')).default(''),
  restart: z.enum(RESTART_POLICIES).default('no'),
  memory: bytes,
  cpus: cores,
  user: line(100),
  workingDir: line(1000),
  hostname: line(253),
  labels: listed(pairsOf, 'labelRule'),
  capAdd: capabilities,
  capDrop: capabilities,
  devices: listed(devicesOf, 'deviceRule'),
  gpus: ticked,
  privileged: ticked,
  readOnly: ticked,
  init: ticked,
  tty: ticked,
  health: line(1000),
  healthInterval: seconds(1),
  healthRetries: z.literal('').transform(() => 0).or(z.coerce.number(rule('secondsRule')).int(rule('secondsRule')).min(1, rule('secondsRule')).max(100, rule('secondsRule'))).default(0),
  logDriver: z.string().trim().max(100).regex(/^[a-z0-9-]*$/i, rule('lineRule')).default(''),
  logOptions: listed(pairsOf, 'labelRule'),
  start: ticked,
});

export type ContainerInput = z.output<typeof ContainerInput>;
export type ContainerFields = Record<Exclude<keyof ContainerInput, never>, string>;
