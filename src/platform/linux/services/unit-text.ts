import { AppError } from '../../../lib/errors.ts';

/** How words stand in unit files and environment files; and the way back. systemd.service(5), "Command lines"; systemd.exec(5), EnvironmentFile=. */

/** U+2028 and U+2029 end no line for systemd, but do for `.` of an expression: what is written would not be read again. */
const BREAKS = /[\x00-\x1f\x7f\u2028\u2029]/;

/**
 * A value of one line: `%` begins a specifier.
 * @throws AppError invalid: a line break would begin another setting (S3), a backslash at the end would swallow the next
 */
export function unitValue(text: string): string {
  if (text.endsWith('\\')) throw new AppError('invalid', (t) => t.service.badPath);
  return oneLine(text);
}

function oneLine(text: string): string {
  if (BREAKS.test(text)) throw new AppError('invalid', (t) => t.service.badPath);
  return text.replaceAll('%', '%%');
}

/** A word of ExecStart=: in double quotes with C escapes; `%` and `$` are doubled. */
export function unitWord(word: string): string {
  const plain = oneLine(word).replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

export const readUnitValue = (text: string) => text.replaceAll('%%', '%');

/** The words of a line that `unitWord` wrote. */
export function readUnitWords(line: string): string[] {
  const found = line.match(/"(?:\\.|[^"\\])*"|[^\s"]+/g) ?? [];
  return found.map((word) => readUnitValue(word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word).replaceAll('$$', '$'));
}

/** A line of an environment file. Nothing is put in for `$` there. */
export function environmentLine(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name) || BREAKS.test(value.replaceAll('\t', ''))) throw new AppError('invalid', (t) => t.service.badPath);
  return `${name}="${value.replace(/["\\`$]/g, '\\$&')}"`;
}

export function readEnvironment(text: string): { name: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([A-Za-z_]\w*)="(.*)"$/.exec(line);
    return found ? [{ name: found[1]!, value: found[2]!.replace(/\\(.)/g, '$1') }] : [];
  });
}
