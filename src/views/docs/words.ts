import type { Operation, Schema } from '../../api/openapi.ts';
import type { Messages } from '../../i18n/en.ts';

/** Rows of a table of fields: `items[].id`. */
export interface FieldRow {
  name: string;
  schema: Schema;
  required: boolean;
}

export const refName = (schema: Schema) => schema.$ref?.split('/').at(-1);

/** The members of an object, those of nested objects after them; named schemas have a table of their own. */
export function fieldRows(schema: Schema, prefix = ''): FieldRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = prefix + key;
    const inner = plain(value);
    const of = inner.type === 'array' && inner.items ? plain(inner.items) : inner;
    const nested = of.properties ? fieldRows(of, `${name}${of === inner ? '' : '[]'}.`) : [];
    return [{ name, schema: value, required: schema.required?.includes(key) ?? false }, ...nested];
  });
}

/** Without the `null` of "this or null". */
function plain(schema: Schema): Schema {
  const others = schema.anyOf?.filter((one) => one.type !== 'null') ?? [];
  return others.length === 1 ? others[0]! : schema;
}

/** "integer", "list of string", "Task or null". */
export function typeText(t: Messages, schema: Schema): string {
  const named = refName(schema);
  if (named) return named;
  const or = ` ${t.docs.orNull}`;
  if (schema.anyOf) {
    const others = schema.anyOf.filter((one) => one.type !== 'null').map((one) => typeText(t, one));
    return others.join(' | ') + (others.length < schema.anyOf.length ? or : '');
  }
  if (Array.isArray(schema.type)) return schema.type.filter((one) => one !== 'null').join(' | ') + (schema.type.includes('null') ? or : '');
  if (schema.type === 'array') return t.docs.listOf({ of: schema.prefixItems ? schema.prefixItems.map((one) => typeText(t, one)).join(', ') : schema.items ? typeText(t, schema.items) : '' });
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any');
}

/** What else holds for a value: choices, bounds, what it is when left out. */
export function limitsText(t: Messages, list: (items: readonly string[]) => string, schema: Schema): string {
  const parts: string[] = [];
  if (schema.enum) parts.push(t.docs.oneOf({ values: schema.enum.join(', ') }));
  const { minimum, maximum, default: fallback } = schema;
  if (minimum !== undefined && maximum !== undefined && Math.abs(maximum) < 2 ** 41) parts.push(t.docs.range({ min: String(minimum), max: String(maximum) }));
  if (fallback !== undefined) parts.push(t.docs.default({ value: String(fallback) }));
  return list(parts);
}

const ID = '0192d3a0-0000-7000-8000-000000000000';

/** Path with an id that could be one, and the query of the example. */
export function examplePath(path: string, operation: Operation, query: string | undefined): string {
  const id = operation.parameters?.find((parameter) => parameter.in === 'path')?.schema.type === 'integer' ? '1' : ID;
  return `/api/v1${path.replace('{id}', id)}${query ? `?${query}` : ''}`;
}

/** A WebSocket in JavaScript that runs outside of browsers, which alone may add a header to it. */
export const socketLine = (origin: string, path: string) =>
  `new WebSocket(${JSON.stringify(origin.replace(/^http/, 'ws') + path)}, {\n  headers: { Authorization: \`Bearer \${process.env.MANTOU_TOKEN}\` },\n})`;

/** The call as a line for a POSIX shell; nothing in it comes from a person but the address the page was opened under. */
export function curlLine(origin: string, method: string, path: string, body: unknown): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} -H "Authorization: Bearer $MANTOU_TOKEN"`];
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${quote(JSON.stringify(body))}`);
  lines.push(quote(origin + path));
  return lines.join(' \\\n  ');
}
