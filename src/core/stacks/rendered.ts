import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';

/** What Compose made of all files of a stack: `config`, with variables filled in and files merged. */
export const Rendered = z.looseObject({
  services: z.record(z.string(), z.looseObject({
    image: z.string().optional(),
    profiles: z.array(z.string()).optional(),
    scale: z.coerce.number().optional(),
    deploy: z.looseObject({ replicas: z.coerce.number().optional() }).nullish(),
  }).nullish().transform((service) => service ?? {})).default({}),
  volumes: z.record(z.string(), z.unknown()).nullish(),
  networks: z.record(z.string(), z.unknown()).nullish(),
  secrets: z.record(z.string(), z.unknown()).nullish(),
  configs: z.record(z.string(), z.unknown()).nullish(),
});
export type Rendered = z.output<typeof Rendered>;

/**
 * YAML of 1.29 and JSON of 2.x alike: JSON is YAML. @param chosen services of a profile are there only when it is asked for, as
 * 2.x tells them: then they are like any other. @throws AppError unavailable for anything else
 */
export function parseRendered(text: string, chosen = false): Rendered {
  try {
    // A service may be called that for Compose; here it would be nowhere, and nobody would see what it has (S18).
    if (text.includes('__proto__')) throw new Error('__proto__ in a stack');
    const rendered = Rendered.parse(Bun.YAML.parse(text));
    if (chosen) for (const service of Object.values(rendered.services)) delete service.profiles;
    return rendered;
  } catch (cause) {
    throw new AppError('unavailable', (t) => t.stacks.errors.strange, { cause });
  }
}

/** Services that an `up` starts: not those of a profile, nor those that are scaled to none. */
export function expectedServices({ services }: Rendered): string[] {
  return Object.entries(services).flatMap(([name, { profiles, scale, deploy }]) => (profiles?.length || (scale ?? deploy?.replicas ?? 1) === 0 ? [] : [name]));
}

/** Values that a file may stand for in the end: the largest stack that anybody wrote has some thousands. */
const NODES_MOST = 200_000;

/**
 * Would this YAML become huge? An alias is a line and stands for all it names, which may hold aliases again ("billion
 * laughs"); Compose copies each of them. Counted without making them: an alias is the same object here.
 * A text that cannot be read here may be one that Compose reads (its own tags); then aliases may not be many.
 */
export function isBomb(text: string): boolean {
  let root: unknown;
  try {
    root = Bun.YAML.parse(text);
  } catch {
    return (text.match(/[\s:,[{-]\*[\w-]+/g)?.length ?? 0) > 20;
  }
  const sizes = new Map<object, number>();
  const count = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const before = sizes.get(value);
    if (before !== undefined) return before;
    // One that holds itself has no end.
    sizes.set(value, Infinity);
    const size = Object.values(value).reduce((sum: number, child) => sum + count(child), 1);
    sizes.set(value, size);
    return size;
  };
  try {
    return count(root) > NODES_MOST;
  } catch {
    // Deeper than the stack.
    return true;
  }
}
