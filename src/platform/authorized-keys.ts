import { parsePublicKey } from '../lib/public-key.ts';
import type { AuthorizedKeys, KeyChange } from './accounts.ts';

/** The text of a list of keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"); no I/O. */
const isComment = (line: string) => line.trim() === '' || line.trimStart().startsWith('#');

export function parseKeys(text: string): Pick<AuthorizedKeys, 'keys' | 'strange'> {
  const lines = text.split('\n').map((line, i) => ({ line: i + 1, text: line.replace(/\r$/, '') })).filter(({ text: each }) => !isComment(each));
  const keys = lines.flatMap(({ line, text: each }) => {
    const key = parsePublicKey(each);
    return key ? [{ line, type: key.type, bits: key.bits, fingerprint: key.fingerprint, comment: key.comment, options: key.options }] : [];
  });
  return { keys, strange: lines.length - keys.length };
}

/** What the text becomes: one line more at its end, or without those of this fingerprint. */
export function withKeys(text: string, change: KeyChange): string {
  if ('remove' in change) return text.split('\n').filter((line) => isComment(line) || parsePublicKey(line)?.fingerprint !== change.remove).join('\n');
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${change.add}\n`;
}
