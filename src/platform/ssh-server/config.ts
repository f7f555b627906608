/** Reading and editing the configuration of sshd (sshd_config(5)) as texts; no I/O. */

/** Where sshd keeps its configuration, and where the panel writes in it. */
export interface ConfigLayout {
  main: string;
  /** The panel's own file and the line that includes it; null: its lines stand at the head of the main file. */
  own: { file: string; include: string } | null;
  /** A path as it is compared with others: Windows knows a file by either slash and in any case. */
  plain(path: string): string;
  /** What an Include means as a whole path, so that it can be compared. */
  absolute(pattern: string): string;
}

export const MAIN = '/etc/ssh/sshd_config';
/** The panel's own file. The first value that sshd reads counts, so it comes before what others put there. */
export const OWN = '/etc/ssh/sshd_config.d/00-mantou.conf';
export const INCLUDE = 'Include /etc/ssh/sshd_config.d/*.conf';

export const LINUX_LAYOUT: ConfigLayout = {
  main: MAIN, own: { file: OWN, include: INCLUDE }, plain: (path) => path, absolute: (pattern) => (pattern.startsWith('/') ? pattern : `/etc/ssh/${pattern}`),
};

/** @param programData `C:\\ProgramData`. Its sshd knows no Include before 8.2, as Windows Server 2022 has it: everything stands in one file. */
export function windowsLayout(programData: string): ConfigLayout {
  const slashed = (path: string) => path.replaceAll('\\', '/');
  return {
    main: `${programData}\\ssh\\sshd_config`, own: null, plain: (path) => slashed(path).toLowerCase(),
    absolute: (pattern) => {
      const whole = slashed(pattern).replace(/^__PROGRAMDATA__/i, slashed(programData));
      return /^[a-z]:\/|^\//i.test(whole) ? whole : `${slashed(programData)}/ssh/${whole}`;
    },
  };
}

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
export function readLines(texts: ConfigTexts, layout = LINUX_LAYOUT, main = layout.main): ConfigLine[] {
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
      if (keyword === 'include' && depth < DEPTH_MOST) for (const path of args.flatMap((pattern) => included(texts, pattern, layout))) read(path, match, depth + 1);
    }
  };
  read(main, false, 0);
  return lines;
}

/** Files that `Include` means, in the order of glob(3). A relative pattern begins in the folder of the main file. */
export function included(texts: ConfigTexts, pattern: string, layout = LINUX_LAYOUT): string[] {
  const glob = new Bun.Glob(layout.plain(layout.absolute(pattern)));
  // glob(3) leaves hidden files out where the pattern does not name them.
  return [...texts.keys()].filter((path) => glob.match(layout.plain(path)) && (pattern.includes('/.') || !/\/\.[^/]*$/.test(path))).sort();
}

/** Keywords of which every line counts, and not only the first. */
const EVERY = new Set(['port', 'listenaddress', 'allowgroups']);

const BEGIN = '# Written by the Mantou panel, which writes it anew: change these on its page of the SSH server.';
const END = '# End of what the Mantou panel writes.';

type OwnLines = readonly (readonly [keyword: string, value: string])[];

/**
 * The texts with these values where the panel writes. Lines elsewhere that would count instead are made comments, and the
 * main file gets its Include where the own file would not be read.
 * @param own keyword as sshd writes it, and its value
 */
export function withOwn(texts: ConfigTexts, own: OwnLines, clear: readonly string[] = [], layout = LINUX_LAYOUT): Map<string, string> {
  const after = new Map(texts);
  const { main } = layout;
  if (layout.own) {
    const { file: path, include } = layout.own;
    after.set(path, [BEGIN, ...own.map(lineOf), ''].join('\n'));
    if (!readLines(after, layout).some(({ file, match }) => file === path && !match)) after.set(main, `${include}\n${texts.get(main) ?? ''}`);
  } else {
    after.set(main, withHead(texts.get(main) ?? '', own));
  }
  const head = layout.own ? 0 : headOf(after.get(main)!).lines;
  const isOwn = ({ file, line }: ConfigLine) => (layout.own ? file === layout.own.file : file === main && line <= head);
  const keywords = new Set([...own.map(([keyword]) => keyword.toLowerCase()), ...clear.map((keyword) => keyword.toLowerCase())]);
  for (const keyword of keywords) {
    const found = readLines(after, layout).filter((line) => line.keyword === keyword && !line.match);
    const first = found.findIndex(isOwn);
    const others = (EVERY.has(keyword) ? found : found.slice(0, first < 0 ? 0 : first)).filter((line) => !isOwn(line));
    for (const { file, line } of others) after.set(file, commented(after.get(file)!, line, layout));
  }
  return after;
}

/** Keywords, in lower case, of what the panel has written. */
export function ownKeywords(texts: ConfigTexts, layout = LINUX_LAYOUT): string[] {
  const text = layout.own ? (texts.get(layout.own.file) ?? '') : headOf(texts.get(layout.main) ?? '').text;
  return text.split('\n').flatMap((line) => parseLine(line)?.keyword ?? []);
}

const lineOf = ([keyword, value]: OwnLines[number]) => `${keyword} ${value}`;

/** What the panel wrote at the head of the main file, with how many lines it takes; none: ''. */
function headOf(text: string): { text: string; lines: number } {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const end = lines[0]?.trimEnd() === BEGIN ? lines.findIndex((line) => line.trimEnd() === END) : -1;
  return { text: lines.slice(0, end + 1).join('\n'), lines: end + 1 };
}

function withHead(text: string, own: OwnLines): string {
  // What stands before everything is no part of the first line.
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const rest = text.slice(mark.length).split('\n').slice(headOf(text).lines).join('\n');
  const end = /\r\n/.test(text) ? '\r\n' : '\n';
  const head = own.length ? [BEGIN, ...own.map(lineOf), END].map((line) => line + end).join('') : '';
  return mark + head + rest;
}

/** One line made a comment; the others keep their numbers. */
function commented(text: string, line: number, { own }: ConfigLayout): string {
  const where = own ? `in ${own.file.slice(own.file.lastIndexOf('/') + 1)}` : 'at the head of this file';
  return text.split('\n').map((each, i) => (i === line - 1 ? `# Set ${where}: ${each.trim()}${each.endsWith('\r') ? '\r' : ''}` : each)).join('\n');
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
