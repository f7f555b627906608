import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { included, LINUX_LAYOUT, parseLine, type ConfigTexts } from './config.ts';

/**
 * Copies of these texts, for sshd to read in place of those that are in use: Includes name the copies.
 * @param parent only the panel's account may write to it
 * @param work is given the copy of the main file, and what takes copies' names out of what sshd says
 */
export async function withCopies<T>(texts: ConfigTexts, parent: string, work: (main: string, said: (text: string) => string) => Promise<T>, layout = LINUX_LAYOUT): Promise<T> {
  const folder = mkdtempSync(join(parent, 'mantou-sshd-'));
  try {
    // sshd writes a backslash twice when it complains, and takes either slash.
    const copies = new Map([...texts.keys()].map((path, i) => [path, join(folder, `${i}.conf`).replaceAll('\\', '/')]));
    for (const [path, text] of texts) writeFileSync(copies.get(path)!, redirected(text, copies, (pattern) => included(texts, pattern, layout)), { mode: 0o600 });
    return await work(copies.get(layout.main)!, (text) => [...copies].reduce((all, [path, copy]) => all.replaceAll(copy, path), text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same text whose Includes name the copies. */
function redirected(text: string, copies: ReadonlyMap<string, string>, find: (pattern: string) => string[]): string {
  return text
    .split('\n')
    .map((line) => {
      const parsed = parseLine(line);
      if (parsed?.keyword !== 'include') return line;
      const paths = parsed.args.flatMap(find).map((path) => `"${copies.get(path)!}"`);
      return paths.length ? `Include ${paths.join(' ')}` : '#';
    })
    .join('\n');
}
