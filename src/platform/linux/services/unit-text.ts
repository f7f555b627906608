import { AppError } from '../../../lib/errors.ts';

/** How words stand in unit files and environment files; and the way back. systemd.service(5), "Command lines"; systemd.exec(5), EnvironmentFile=. */

/** A value of one line: `%` begins a specifier. @throws AppError invalid: a line break would begin another setting (S3) */
export function unitValue(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new AppError('invalid', (t) => t.service.badPath);
  return text.replaceAll('%', '%%');
}

/** A word of ExecStart=: in double quotes with C escapes; `%` and `$` are doubled. */
export function unitWord(word: string): string {
  const plain = unitValue(word).replaceAll('$', '$$$$');
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
  if (!/^[A-Za-z_]\w*$/.test(name) || /[\x00-\x08\x0a-\x1f\x7f]/.test(value)) throw new AppError('invalid', (t) => t.service.badPath);
  return `${name}="${value.replace(/["\\`$]/g, '\\$&')}"`;
}

export function readEnvironment(text: string): { name: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([A-Za-z_]\w*)="(.*)"$/.exec(line);
    return found ? [{ name: found[1]!, value: found[2]!.replace(/\\(.)/g, '$1') }] : [];
  });
}
