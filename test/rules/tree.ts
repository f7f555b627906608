/** The project's own files, for the rules about all of them. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../../src/http/asset-files.ts';

export const root = join(import.meta.dir, '..', '..');

export interface Source {
  /** from the root, with forward slashes */
  path: string;
  text: string;
}

export function sources(folder: string, ending: RegExp): Source[] {
  return listFiles(join(root, folder), `${folder}/`)
    .filter((path) => ending.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** What git would commit: tracked, and new but not ignored. */
export function projectFiles(): string[] {
  const argv = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = Bun.spawnSync(argv, { cwd: root, stdin: 'ignore', stderr: 'pipe' });
  if (listed.exitCode !== 0) throw new Error(listed.stderr.toString());
  return [...new Set(listed.stdout.toString().split('\0').filter(Boolean))].sort();
}

export interface Import {
  /** as it is written: `../lib/bus.ts`, `node:fs`, `hono` */
  name: string;
  /** the file it means, from the root; undefined for packages */
  path: string | undefined;
  /** nothing of it is left at run time */
  typeOnly: boolean;
  /** the values taken by name; empty for default and whole-module imports */
  values: string[];
}

const scanners = { ts: new Bun.Transpiler({ loader: 'ts' }), tsx: new Bun.Transpiler({ loader: 'tsx' }) };
/** The scanner knows no tsconfig.json: it takes a tag for React's. */
const tags = /^react(\/jsx(-dev)?-runtime)?$/;

/** Every import, export-from and import() of a module. */
export function importsOf({ path, text }: Source): Import[] {
  const resolve = (name: string) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : undefined);
  // The scanner leaves out what is only a type; a quick look at the text finds those.
  const scanner = path.endsWith('.tsx') ? scanners.tsx : scanners.ts;
  const kept = new Set(scanner.scanImports(text).map(({ path: name }) => name).filter((name) => !tags.test(name)));
  const types = [...text.matchAll(/^\s*(?:import|export)\s+type\s[^'"]*?from\s+['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? '');
  return [
    ...[...kept].map((name) => ({ name, path: resolve(name), typeOnly: false, values: namedValues(text, name) })),
    ...types.filter((name) => !kept.has(name)).map((name) => ({ name, path: resolve(name), typeOnly: true, values: [] })),
  ];
}

/** `import { ROLES, type Role } from '../db/schema/users.ts'` → ROLES */
function namedValues(text: string, module: string): string[] {
  const lists = [...text.matchAll(/^\s*import\s+\{([^}]*)\}\s+from\s+['"]([^'"]+)['"]/gm)].filter((match) => match[2] === module);
  return lists
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((name) => name.trim().split(/\s/)[0] ?? '')
    .filter((name) => name && name !== 'type');
}

/** Comments and the insides of strings blanked out, line by line as before: for rules about code, not about words. */
export function withoutComments(text: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/[^\n]*/g, blank);
}

/** `path:line` of every match. */
export function places({ path, text }: Source, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 120)}`] : []));
}
