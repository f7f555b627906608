import { z } from 'zod';
import type { Container } from '../containers/container.ts';
import type { Stack } from './stack.ts';
import { readTexts } from './texts.ts';

/** A service of a stack: what its files say, and what runs of it. */
export interface Service {
  name: string;
  /** As it is written, with variables; null: it is built, or only containers tell of it. */
  image: string | null;
  /** It is only started when one of these is asked for. */
  profiles: string[];
  /** The files say how its image is made. */
  built: boolean;
  /** In the files, not only among the containers. */
  declared: boolean;
  containers: Container[];
}

const File = z.object({ services: z.record(z.string(), z.object({ image: z.string().optional().catch(undefined), build: z.unknown().optional(), profiles: z.array(z.string()).optional().catch(undefined) }).nullish().catch(null)).nullish() });

type Declared = Pick<Service, 'image' | 'profiles' | 'built'>;

/** Services in the order of the files, read without the tool: it takes half a second, and a page asks often. What cannot be read is left out. */
export function declaredServices(texts: readonly (string | null)[]): Map<string, Declared> {
  const found = new Map<string, Declared>();
  for (const text of texts) {
    let file: z.output<typeof File> | undefined;
    try {
      file = File.safeParse(Bun.YAML.parse(text ?? '')).data;
    } catch {
      continue;
    }
    for (const [name, service] of Object.entries(file?.services ?? {})) {
      const before = found.get(name);
      found.set(name, { image: service?.image ?? before?.image ?? null, profiles: service?.profiles ?? before?.profiles ?? [], built: service?.build != null || (before?.built ?? false) });
    }
  }
  return found;
}

export async function readServices(stack: Stack): Promise<Service[]> {
  const texts = await readTexts({ folder: null, files: stack.files, env: [] }).catch(() => []);
  const declared = declaredServices(texts.map(({ text }) => text));
  const names = [...new Set([...declared.keys(), ...stack.services])];
  return names.map((name) => ({ name, image: null, profiles: [], built: false, ...declared.get(name), declared: declared.has(name), containers: stack.containers.filter(({ service }) => service === name) }));
}
