/** Reading and editing the configuration of sshd (sshd_config(5)) as texts; no I/O. */
export const MAIN = '/etc/ssh/sshd_config';
/** The panel's own file. The first value that sshd reads counts, so it comes before what others put there. */
export const OWN = '/etc/ssh/sshd_config.d/00-mantou.conf';
export const INCLUDE = 'Include /etc/ssh/sshd_config.d/*.conf';

/** Texts by their paths: the main file, all that it includes, and what is to be there. */
export type ConfigTexts = ReadonlyMap<string, string>;

export interface ConfigLine {
  /** In lower case: sshd takes keywords in any. */
  keyword: string;
  args: string[];
  file: string;
  /** From 1. */
  line: number;
  /** It counts only for some connections: it stands in a Match block, or in a file that one includes. */
  match: boolean;
}

const LINE = /^\s*([A-Za-z][A-Za-z0-9]*)(?:\s*=\s*|\s+)(.*)$/;

/** `ListenAddress "10.0.0.1"  # inside`, `Port=22` → keyword and arguments; null: a comment or nothing. */
export function parseLine(text: string): { keyword: string; args: string[] } | null {
  const [, keyword, rest = ''] = LINE.exec(text.replace(/\r$/, '')) ?? [];
  if (!keyword) return null;
  const args: string[] = [];
  for (const [word, quoted] of rest.matchAll(/"([^"]*)"|[^\s"]+/g)) {
    if (quoted === undefined && word.startsWith('#')) break;
    args.push(quoted ?? word);
  }
  return { keyword: keyword.toLowerCase(), args };
}

/** Deeper than sshd itself follows (SERVCONF_MAX_DEPTH). */
const DEPTH_MOST = 16;

/** All lines in the order in which sshd reads them. */
export function readLines(texts: ConfigTexts, main = MAIN): ConfigLine[] {
  const lines: ConfigLine[] = [];
  const read = (file: string, within: boolean, depth: number) => {
    let match = within;
    for (const [i, text] of (texts.get(file) ?? '').split('\n').entries()) {
      const parsed = parseLine(text);
      if (!parsed) continue;
      const { keyword, args } = parsed;
      // What follows counts for everybody again after “Match all”; the end of an included file ends its blocks.
      if (keyword === 'match') match = within || args[0]?.toLowerCase() !== 'all';
      lines.push({ keyword, args, file, line: i + 1, match });
      if (keyword === 'include' && depth < DEPTH_MOST) for (const path of args.flatMap((pattern) => included(texts, pattern))) read(path, match, depth + 1);
    }
  };
  read(main, false, 0);
  return lines;
}

/** Files that `Include` means, in the order of glob(3). A relative pattern begins in /etc/ssh. */
export function included(texts: ConfigTexts, pattern: string): string[] {
  const glob = new Bun.Glob(absolutePattern(pattern));
  // glob(3) leaves hidden files out where the pattern does not name them.
  return [...texts.keys()].filter((path) => glob.match(path) && (pattern.includes('/.') || !/\/\.[^/]*$/.test(path))).sort();
}

export const absolutePattern = (pattern: string) => (pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`);

/** Keywords of which every line counts, and not only the first. */
const EVERY = new Set(['port', 'listenaddress']);

/**
 * The texts with these values in the panel's own file. Lines elsewhere that would count instead are made comments, and the
 * main file gets its Include where the own file would not be read.
 * @param own the lines of the own file: keyword as sshd writes it, and its value
 */
export function withOwn(texts: ConfigTexts, own: readonly (readonly [keyword: string, value: string])[], clear: readonly string[] = []): Map<string, string> {
  const after = new Map(texts);
  after.set(OWN, ownText(own));
  if (!readLines(after).some(({ file, match }) => file === OWN && !match)) after.set(MAIN, `${INCLUDE}\n${texts.get(MAIN) ?? ''}`);
  const keywords = new Set([...own.map(([keyword]) => keyword.toLowerCase()), ...clear.map((keyword) => keyword.toLowerCase())]);
  for (const keyword of keywords) {
    const found = readLines(after).filter((line) => line.keyword === keyword && !line.match);
    const first = found.findIndex(({ file }) => file === OWN);
    const others = (EVERY.has(keyword) ? found : found.slice(0, first < 0 ? 0 : first)).filter(({ file }) => file !== OWN);
    for (const { file, line } of others) after.set(file, commented(after.get(file)!, line));
  }
  return after;
}

const ownText = (own: readonly (readonly [string, string])[]) =>
  ['# Written by the Mantou panel, which writes it anew: change these on its page of the SSH server.', ...own.map(([keyword, value]) => `${keyword} ${value}`), ''].join('\n');

/** One line made a comment; the others keep their numbers. */
function commented(text: string, line: number): string {
  return text.split('\n').map((each, i) => (i === line - 1 ? `# Set in 00-mantou.conf: ${each.trim()}` : each)).join('\n');
}

/** `sshd -T`: `port 22`, `permitrootlogin without-password`, a line for each value. */
export function parseEffective(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, keyword, value = ''] = /^(\w+) ?(.*)$/.exec(line.trimEnd()) ?? [];
    if (keyword) found.set(keyword, [...(found.get(keyword) ?? []), value]);
  }
  return found;
}
