import { nameBytes, systemName } from './file-name.ts';

/**
 * One word of a POSIX shell, for commands that people read and may paste: plain where it can be, else in single quotes,
 * and where there are control characters or bytes that are no text in `$'…'` (bash, zsh, ksh; POSIX 2024).
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const raw = systemName(text);
  if (typeof raw === 'string' && !/[\x00-\x1f\x7f]/.test(raw)) return `'${raw.replaceAll("'", "'\\''")}'`;
  const bytes = Buffer.alloc(nameBytes(text));
  if (typeof raw === 'string') bytes.write(raw);
  else raw.copy(bytes);
  const chars = [...bytes].map((byte) => {
    if (byte === 0x27 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte < 0x20 || byte >= 0x7f ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte);
  });
  return `$'${chars.join('')}'`;
}
