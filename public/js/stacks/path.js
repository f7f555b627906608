// Where in a YAML text one is: the keys above a line, told by its indent. A text that is just being written is rarely YAML as
// a whole, and its indent says all the same what belongs to what. What stands in brackets or in a block of text is passed over.

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s"'[\]{}#&*!|>%@`,-][^#]*?|-[^\s#][^#]*?))\s*:(?=\s|$)/;

/** Takes the line apart: `- - key: value # comment`. Columns are from 0. */
function readLine(text) {
  let col = /^[ ]*/.exec(text)[0].length;
  const dashes = [];
  for (let item = /^-(?:[ ]+|$)/.exec(text.slice(col)); item; item = /^-(?:[ ]+|$)/.exec(text.slice(col))) {
    dashes.push(col);
    col += item[0].length;
  }
  const rest = text.slice(col);
  const found = KEY.exec(rest);
  if (!found) return { dashes, col, key: null, value: withoutComment(rest), valueFrom: col };
  const key = found[1] ?? found[2] ?? found[3];
  const after = rest.slice(found[0].length);
  const spaces = /^\s*/.exec(after)[0].length;
  return { dashes, col, key, keyTo: col + found[0].length - /\s*:$/.exec(found[0])[0].length, value: withoutComment(after.trimStart()), valueFrom: col + found[0].length + spaces };
}

const withoutComment = (text) => (text.startsWith('#') ? '' : text.replace(/\s+#.*$/, '')).trimEnd();

/** Does a value go on over further lines? Returns what ends it: a test for the line after. */
function goesOn(value, indent) {
  if (/^(?:[&!]\S+\s+)*[|>][+-]?\d?[+-]?$/.test(value)) return (line) => line.trim() === '' || /^ */.exec(line)[0].length > indent;
  const open = (text) => [...text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '')].reduce((n, char) => n + ('[{'.includes(char) ? 1 : ']}'.includes(char) ? -1 : 0), 0);
  if (/^[[{]/.test(value)) {
    let depth = open(value);
    // The line that closes it still belongs to it.
    return depth > 0 ? (line) => depth > 0 && ((depth += open(line)), true) : null;
  }
  const quote = /^(["'])/.exec(value)?.[1];
  if (!quote) return null;
  let closed = new RegExp(quote === '"' ? '^"(?:[^"\\\\]|\\\\.)*"' : "^'(?:[^']|'')*'").test(value);
  return closed ? null : (line) => !closed && ((closed = line.includes(quote)), true);
}

/**
 * Keys of a text in order: `{ line, col, key, keyTo, value, valueFrom, path }`; `path` are the keys above, with `[]` for an item
 * of a list. A value that is an item by itself has a `key` of null.
 */
export function outline(lines) {
  return walk(lines).entries;
}

function walk(lines) {
  const entries = [];
  let above = [];
  let passes = null;
  for (const [line, text] of lines.entries()) {
    if (passes?.(text)) continue;
    passes = null;
    if (/^\s*(#|$)|^(---|\.\.\.)(\s|$)|^%/.test(text)) continue;
    const found = readLine(text);
    for (const dash of found.dashes) above = [...below(above, dash, true), { col: dash, name: '[]' }];
    if (found.key !== null) above = below(above, found.col, false);
    entries.push({ line, ...found, path: above.map(({ name }) => name) });
    if (found.key !== null) above = [...above, { col: found.col, name: found.key }];
    passes = goesOn(found.value, found.key === null ? (found.dashes.at(-1) ?? found.col) : found.col);
  }
  return { entries, above };
}

/** What a line that begins in this column stands under. A list may begin in the column of its key. */
const below = (above, col, isItem) => above.filter((one) => one.col < col || (isItem && one.col === col && one.name !== '[]'));

/** Where the cursor is in the last of these lines: `{ path, col, key, value, valueFrom }`, with the line as far as it is written. */
export function placeIn(lines) {
  const found = readLine(lines.at(-1));
  let { above } = walk(lines.slice(0, -1));
  for (const dash of found.dashes) above = [...below(above, dash, true), { col: dash, name: '[]' }];
  above = below(above, found.col, false);
  return { ...found, path: above.map(({ name }) => name) };
}
