import { applyEdits, findNodeAtLocation, modify, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { keyOfFlag, FITS, KEYS, type KeyType } from './keys.ts';

/** What dockerd would say, or what the panel says before it has to. */
export interface Fault {
  /** In daemon.json, from 1; null: it is about none. */
  line: number | null;
  key: string | null;
  what: { kind: 'syntax'; said: string } | { kind: 'no-object' } | { kind: 'twice' } | { kind: 'type'; type: KeyType } | { kind: 'flag'; flag: string } | { kind: 'pool' } | { kind: 'address'; text: string } | { kind: 'said'; said: string };
}

export interface Checked {
  faults: Fault[];
  /** Keys that the panel does not know: dockerd refuses those that it does not know. */
  unknown: string[];
  /** The document; null where it is none. */
  values: Record<string, unknown> | null;
}

/** As Go reads JSON: no comments, no comma at the end. */
const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false } as const;

/** A file that is empty, or not there, is an engine with its own defaults. */
const shown = (text: string) => (text.trim() === '' ? '{}' : text.replace(/^\ufeff/, ''));

const lineAt = (text: string, offset: number) => linesOf(text)(offset);

/** For offsets that grow: no part of the text is counted twice. */
function linesOf(text: string): (offset: number) => number {
  let [line, next] = [1, text.indexOf('\n')];
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}

/** @param flags what dockerd was started with: the same thing in both places keeps it from starting */
export function checkDocument(text: string, flags: readonly string[]): Checked {
  const whole = shown(text);
  const deep = tooDeep(whole);
  if (deep !== null) return { faults: [{ line: lineAt(whole, deep), key: null, what: { kind: 'syntax', said: `NestedDeeperThan${DEPTH_MOST}` } }], unknown: [], values: null };
  const errors: ParseError[] = [];
  const root = parseTree(whole, errors, STRICT);
  const [first] = errors;
  if (first) return { faults: [{ line: lineAt(whole, first.offset), key: null, what: { kind: 'syntax', said: printParseErrorCode(first.error) } }], unknown: [], values: null };
  if (root?.type !== 'object') return { faults: [{ line: 1, key: null, what: { kind: 'no-object' } }], unknown: [], values: null };
  const given = new Map(flags.flatMap((flag) => { const key = keyOfFlag(flag); return key ? [[key, flag] as const] : []; }));
  const faults: Fault[] = [];
  const unknown: string[] = [];
  const seen = new Set<string>();
  const lineOf = linesOf(whole);
  for (const property of root.children ?? []) {
    const key = String(property.children![0]!.value);
    const node = property.children![1];
    const line = lineOf(property.offset);
    const add = (what: Fault['what']) => void faults.push({ line, key, what });
    if (seen.has(key)) add({ kind: 'twice' });
    seen.add(key);
    const known = ownOf(KEYS, key);
    if (!known) unknown.push(key);
    else if (node && !FITS[known.type](valueOf(node))) add({ kind: 'type', type: known.type });
    else if (node) for (const what of closer(key, valueOf(node))) add(what);
    if (given.has(key)) add({ kind: 'flag', flag: given.get(key)!.split('=')[0]! });
  }
  return { faults, unknown, values: valueOf(root) as Record<string, unknown> };
}

/** Reading goes as deep as the text does; no engine's configuration does. */
const DEPTH_MOST = 100;

/** Where a text begins to be nested deeper than that; null: nowhere. */
function tooDeep(text: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > DEPTH_MOST) return index;
  }
  return null;
}

/** A document may call its keys as everything in JavaScript is called: `constructor`, `__proto__`. */
const ownOf = <T>(all: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(all, key) ? all[key] : undefined);

const valueOf = (node: Node): unknown => (node.type === 'array' ? (node.children ?? []).map(valueOf) : node.type === 'object' ? Object.fromEntries((node.children ?? []).map((one) => [one.children![0]!.value, valueOf(one.children![1]!)])) : node.value);

/** What can be told of a value that has the right type. */
function closer(key: string, value: unknown): Fault['what'][] {
  if (key === 'registry-mirrors') return (value as string[]).filter((url) => !/^https?:\/\/[^/\s?#]+\/?$/.test(url)).map((text) => ({ kind: 'address', text }));
  if (key === 'dns') return (value as string[]).filter((address) => !/^[\d.]+$|^[\da-f:]+(%\w+)?$/i.test(address)).map((text) => ({ kind: 'address', text }));
  if (key === 'default-address-pools') {
    const fits = (pool: Record<string, unknown>) => typeof pool.base === 'string' && /^[\da-f.:]+\/\d{1,3}$/i.test(pool.base) && Number.isInteger(pool.size) && (pool.size as number) >= Number(pool.base.split('/')[1]);
    return (value as Record<string, unknown>[]).every(fits) ? [] : [{ kind: 'pool' }];
  }
  return [];
}

/** Keys whose values differ, in the order of the second; those that went come last. */
export function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): { key: string; gone: boolean }[] {
  const differs = (key: string) => JSON.stringify(ownOf(before, key)) !== JSON.stringify(ownOf(after, key));
  return [...Object.keys(after).filter(differs).map((key) => ({ key, gone: false })), ...Object.keys(before).filter((key) => !Object.hasOwn(after, key)).map((key) => ({ key, gone: true }))];
}

/** An engine that reads its file again keeps what it had of a key that went: only those that are there count. */
export const reloads = (changed: readonly { key: string; gone: boolean }[]) => changed.every(({ key, gone }) => !gone && ownOf(KEYS, key)?.reload === true);

/** How this text is indented, and where its lines end: what comes in looks like what is there. */
const styleOf = (text: string) => ({ step: /^([ \t]+)"/m.exec(text)?.[1] ?? '  ', eol: text.includes('\r\n') ? '\r\n' : '\n' });

/** Longest list that stands in one line. */
const LINE_MOST = 60;

/** @param depth of the key that it belongs to */
function written(value: unknown, { step, eol }: ReturnType<typeof styleOf>, depth: number, long = false): string {
  const short = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replace(/^([[{]) | ([\]}])$/g, '$1$2');
  const flat = typeof value !== 'object' || value === null || Object.values(value).every((one) => typeof one !== 'object');
  if (flat && !long && short.length <= LINE_MOST) return short;
  return JSON.stringify(value, null, step).replaceAll('\n', `${eol}${step.repeat(depth)}`);
}

/** Sets a value, or takes it away (undefined), and leaves every other byte as it is. */
export function setValue(text: string, path: readonly string[], value: unknown): string {
  const whole = shown(text);
  const root = parseTree(whole, [], STRICT)!;
  const there = findNodeAtLocation(root, [...path]);
  if (value === undefined ? !there : there && JSON.stringify(valueOf(there)) === JSON.stringify(value)) return text;
  if (value === undefined) return applyEdits(whole, modify(whole, [...path], undefined, {}));
  const style = styleOf(whole);
  const put = (from: number, to: number, content: string) => `${whole.slice(0, from)}${content}${whole.slice(to)}`;
  if (there) return put(there.offset, there.offset + there.length, written(value, style, path.length, whole.slice(there.offset, there.offset + there.length).includes('\n')));
  const key = path.at(-1)!;
  const parent = findNodeAtLocation(root, path.slice(0, -1));
  if (parent?.type !== 'object') return setValue(text, path.slice(0, -1), { [key]: value });
  const last = parent.children?.at(-1);
  const pair = `${JSON.stringify(key)}: ${written(value, style, path.length)}`;
  const line = `${style.eol}${style.step.repeat(path.length)}`;
  if (!last) {
    const edited = put(parent.offset, parent.offset + parent.length, `{${line}${pair}${style.eol}${style.step.repeat(path.length - 1)}}`);
    return edited.endsWith('\n') ? edited : `${edited}${style.eol}`;
  }
  const end = last.offset + last.length;
  const ownLines = whole.slice(parent.offset, last.offset).includes('\n') || path.length === 1;
  return put(end, end, ownLines ? `,${line}${pair}` : `, ${pair}`);
}
