import { dirname, join, normalize } from 'node:path';
import { IMPORTS } from '../../src/views/shell/imports.ts';

export const publicDir = join(import.meta.dir, '../../public');
export const readPublic = (path: string) => Bun.file(join(publicDir, path)).text();

/** What a module imports, as paths under public/: `./dom.js` in js/app.js is js/dom.js. `names` is the page's import map. */
export async function importsOf(path: string, names: Readonly<Record<string, string>> = IMPORTS): Promise<string[]> {
  const text = await readPublic(path);
  return [...text.matchAll(/^(?:import|export)\s(?:[^'"]*?from\s+)?'([^']+)'/gm)].map(([, name]) => (name!.startsWith('.') ? normalize(join(dirname(path), name!)) : (names[name!] ?? `unknown: ${name}`)));
}

/** Everything that a module brings along, sorted; itself too, if something in it imports it. */
export async function reachable(entry: string, names: Readonly<Record<string, string>> = IMPORTS): Promise<string[]> {
  const seen = new Set<string>();
  const walk = async (path: string) => {
    for (const next of await importsOf(path, names)) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (next.startsWith('js/')) await walk(next);
    }
  };
  await walk(entry);
  return [...seen].sort();
}
