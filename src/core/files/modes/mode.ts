/**
 * File modes as chmod(1) takes them: octal ("644", "2775") or symbolic ("u+rwx,go-w", "a+rX", "g=u").
 * The twelve bits are setuid 4000, setgid 2000, sticky 1000, then read 4, write 2, execute 1 for owner, group, others.
 */
export const MODE_BITS = 0o7777;
export const SETUID = 0o4000;
export const SETGID = 0o2000;
export const STICKY = 0o1000;

/** What a mode becomes. */
export interface ModeChange {
  /** As it was written, for commands. */
  readonly text: string;
  /** Twelve bits of a file or folder → its new ones. */
  apply(mode: number, isFolder: boolean): number;
}

/** Who a clause is about, as the bits that it may touch. */
const WHO: Record<string, number> = { u: 0o4700, g: 0o2070, o: 0o1007, a: MODE_BITS };
const PERMS: Record<string, number> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };
const CLAUSE = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/;

/** @returns null when it is neither */
export function parseMode(text: string): ModeChange | null {
  if (/^[0-7]{1,5}$/.test(text)) return octal(text);
  if (text.length > 100) return null;
  const clauses = text.split(',').map((part) => CLAUSE.exec(part));
  if (clauses.some((clause) => clause === null)) return null;
  const steps = clauses.flatMap((clause) => stepsOf(clause![1]!, clause![2]!));
  return { text, apply: (mode, isFolder) => steps.reduce((now, step) => step(now, isFolder), mode & MODE_BITS) };
}

/** As GNU chmod: up to three digits leave setuid and setgid of a folder as they are; four say every bit. */
function octal(text: string): ModeChange | null {
  const bits = Number.parseInt(text, 8);
  if (bits > MODE_BITS) return null;
  const kept = text.length <= 3 ? SETUID | SETGID : 0;
  return { text, apply: (mode, isFolder) => bits | (isFolder ? mode & kept : 0) };
}

type Step = (mode: number, isFolder: boolean) => number;

/** Without a "who" chmod leaves out what the umask of the shell holds back; the panel has no shell and means everybody. */
function stepsOf(who: string, acts: string): Step[] {
  const mask = who === '' ? MODE_BITS : [...who].reduce((bits, one) => bits | WHO[one]!, 0);
  return [...acts.matchAll(/([-+=])([rwxXst]*|[ugo])(?=[-+=]|$)/g)].map(([, act, perms]) => (mode, isFolder) => {
    const value = valueOf(perms!, mode, isFolder) & mask;
    if (act === '+') return mode | value;
    if (act === '-') return mode & ~value;
    // "=" on a folder leaves setuid and setgid alone unless it names them.
    const kept = isFolder && !perms!.includes('s') ? SETUID | SETGID : 0;
    return (mode & (~mask | kept) & MODE_BITS) | value;
  });
}

function valueOf(perms: string, mode: number, isFolder: boolean): number {
  const copied = { u: 6, g: 3, o: 0 }[perms];
  if (copied !== undefined) return ((mode >> copied) & 7) * 0o111;
  return [...perms].reduce((bits, one) => {
    // X: for folders, and for files that somebody may execute already.
    if (one === 'X') return bits | (isFolder || mode & 0o111 ? 0o111 : 0);
    return bits | PERMS[one]!;
  }, 0);
}

/** 0o2755 → "2755", 0o644 → "0644": four digits say every bit. */
export const octalText = (mode: number) => (mode & MODE_BITS).toString(8).padStart(4, '0');

/** Bits switched on and off as symbolic text, for entries that differ in the others: "u+x,g-w"; '' for none. */
export function symbolicText(on: number, off: number): string {
  const part = (who: string, bits: number, act: string) => {
    const perms = `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}${bits & 8 ? 's' : ''}${bits & 16 ? 't' : ''}`;
    return perms ? [`${who}${act}${perms}`] : [];
  };
  const three = (mode: number, act: string) => [
    ...part('u', ((mode >> 6) & 7) | (mode & SETUID ? 8 : 0), act),
    ...part('g', ((mode >> 3) & 7) | (mode & SETGID ? 8 : 0), act),
    ...part('o', (mode & 7) | (mode & STICKY ? 16 : 0), act),
  ];
  return [...three(on, '+'), ...three(off, '-')].join(',');
}

/** Bits that all of them have, and bits in which they differ. */
export function commonBits(modes: readonly number[]): { common: number; mixed: number } {
  const all = modes.reduce((bits, mode) => bits & mode, MODE_BITS);
  const any = modes.reduce((bits, mode) => bits | mode, 0) & MODE_BITS;
  return { common: modes.length ? all : 0, mixed: any & ~all };
}
