import type { RegistryView } from '../../platform/registry.ts';
import { HIDDEN, isSecretName } from '../containers/redact.ts';
import type { Plan } from './plan.ts';
import { shortOf } from './place.ts';
import { listOf, numberOf, textOf, typeName } from './value.ts';

const LINES_MOST = 50;

/** A word as the command line of Windows takes it. */
export const typedAs = (text: string) => (/^[\w\\.:/%+-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`);

/** What reg.exe would have to be told for the same. The panel asks Windows itself, with exact bytes; people read this. */
export function commandsOf({ rows }: Pick<Plan, 'rows'>, view: RegistryView): string[] {
  const lines = rows.flatMap(({ kind, path, name, after }) => {
    const at = typedAs(shortOf(path));
    const value = name === null ? [] : name === '' ? ['/ve'] : ['/v', typedAs(name)];
    if (kind === 'same') return [];
    if (kind === 'key-new') return [['reg', 'add', at]];
    if (!after) return [['reg', 'delete', at, ...value]];
    return [['reg', 'add', at, ...value, '/t', typeName(after.type), '/d', typedAs(isSecretName(name ?? '') ? HIDDEN : wordOf(after))]];
  });
  const shown = lines.slice(0, LINES_MOST).map((words) => [...words, `/reg:${view}`, '/f'].join(' '));
  return lines.length > LINES_MOST ? [...shown, `… +${lines.length - LINES_MOST}`] : shown;
}

/** As /d takes it: numbers as they are, lists with \0 between, bytes in hexadecimal. */
function wordOf(value: NonNullable<Plan['rows'][number]['after']>): string {
  const number = numberOf(value);
  if (number !== null) return String(number);
  const text = value.type === 7 ? (listOf(value)?.join('\\0') ?? null) : value.type === 1 || value.type === 2 ? textOf(value) : null;
  const word = text ?? Buffer.from(value.bytes).toString('hex');
  return word.length > 300 ? `${word.slice(0, 300)}…` : word;
}
