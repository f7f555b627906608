import { shownName } from '../../../lib/file-name.ts';
import { compile, type PatternInput } from './pattern.ts';

/** Does a name fit? `*` and `?` and `[a-z]` as in a shell; without any of them a part of the name is enough. */
export function nameTest({ text, regex, exact }: PatternInput): (name: string) => boolean {
  if (regex) {
    const pattern = compile({ text, regex, exact });
    return (name) => pattern.find(shownName(name)) !== null;
  }
  const fold = (name: string) => (exact ? name : name.toLowerCase());
  if (!/[*?[{]/.test(text)) {
    const wanted = fold(text);
    return (name) => fold(shownName(name)).includes(wanted);
  }
  const glob = new Bun.Glob(fold(text));
  return (name) => glob.match(fold(shownName(name)));
}

/** Globs of names that are left out, folders with all that is in them. */
export function excludeTest(globs: readonly string[]): (name: string) => boolean {
  const plain = new Set(globs.filter((glob) => !/[*?[{]/.test(glob)));
  const made = globs.filter((glob) => !plain.has(glob)).map((glob) => new Bun.Glob(glob));
  return (name) => plain.has(name) || made.some((glob) => glob.match(name));
}
