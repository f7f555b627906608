import { open } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { parseDocument, type Document } from 'yaml';
import { AppError } from '../../lib/errors.ts';
import { checkedText, type StackText } from './texts.ts';

/** Files that name others, one after the other: more is a circle, or nobody's stack. */
const FILES_MOST = 100;

/** A file that Compose reads because another says so. */
export interface Read {
  /** Absolute; null: variables are in it, and nobody knows here what they become. */
  path: string | null;
  /** As it is written. */
  said: string;
}

/**
 * What Compose reads beside the files of a stack: `env_file`, `label_file`, `extends`, `include`, and what those name in turn.
 * None of it is in what it prints in the end.
 * @throws AppError invalid: for a file that cannot be looked through
 */
export async function readsOf(folder: string, texts: readonly StackText[]): Promise<Read[]> {
  const found: Read[] = [];
  const waiting = texts.flatMap(({ path, text }) => (text === null ? [] : [{ path, text, base: folder }]));
  const seen = new Set(waiting.map(({ path }) => path));
  // The list grows while it is read.
  for (const { path: file, text, base } of waiting) {
    for (const { said, base: own } of namedIn(text, file)) {
      const path = said.includes('$') ? null : resolve(base, said);
      found.push({ path, said });
      if (path === null || own === null || seen.has(path)) continue;
      seen.add(path);
      if (waiting.length >= FILES_MOST) throw strange(file);
      const more = await textAt(path);
      // Files of a part mean what lies beside it, unless it says of which folder it is.
      if (more !== null) waiting.push({ path, text: more, base: own === '' ? dirname(path) : resolve(base, own) });
    }
  }
  return found;
}

const strange = (file: string, cause?: unknown) => new AppError('invalid', (t) => t.stacks.errors.noText({ name: file }), { cause });

/** Of what names further files `base` is the folder that these mean, '': its own; null: it names none. */
function namedIn(text: string, file: string): { said: string; base: string | null }[] {
  // Not silent: a second document in the file would go unseen, which Compose reads as well.
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error', merge: true });
  if (document.errors.length) throw strange(file, document.errors[0]);
  const top = objectOf(plain(document, file));
  const found: { said: string; base: string | null }[] = [];
  const add = (value: unknown, base: string | null = null) => found.push(...wordsOf(value).map((said) => ({ said, base })));
  // In the first form of these files services stood at the top.
  for (const service of [...Object.values(objectOf(top['services'])), ...Object.values(top)].map(objectOf)) {
    add(service['env_file']);
    add(service['label_file']);
    add(objectOf(service['extends'])['file'], '');
  }
  for (const part of listOf(top['include'])) {
    const { path, project_directory: base, env_file: env } = typeof part === 'string' ? { path: part } : (objectOf(part) as { path?: unknown; project_directory?: unknown; env_file?: unknown });
    const within = typeof base === 'string' ? base : '';
    add(within.includes('$') ? within : [], null);
    add(path, within);
    add(env);
    // Read unasked, as that of a stack.
    add(wordsOf(path).slice(0, 1).map((one) => `${within || dirname(one)}/.env`));
  }
  return found;
}

function plain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    // Aliases of aliases, or one that is none.
    throw strange(file, error);
  }
}

const objectOf = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value == null ? [] : [value]);
/** `a`, `[a, b]`, `[{path: a}]`. */
const wordsOf = (value: unknown) => listOf(value).flatMap((one) => (typeof one === 'string' ? [one] : typeof objectOf(one)['path'] === 'string' ? [objectOf(one)['path'] as string] : []));

/** null: it is not there, or lies elsewhere (a repository, a registry). */
async function textAt(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null);
  try {
    return handle && (await checkedText(handle, () => strange(path)));
  } finally {
    await handle?.close();
  }
}

/** Those that a container may have changed: they lie in what it has as a volume. What they become is not known where it has any. */
export function changeable(reads: readonly Read[], binds: readonly string[]): string[] {
  const inside = (path: string) => binds.some((bind) => !/^\.\.(\/|$)/.test(relative(bind, path)));
  return [...new Set(reads.filter(({ path }) => binds.length > 0 && (path === null || inside(path))).map(({ said }) => said))];
}
