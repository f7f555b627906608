// What may be written next in a compose file: keys and values of the schema, and names that stand elsewhere in the file.
import { allows, keysOf, loadSchema, schemasAt, valuesOf } from './compose-schema.js';
import { outline, placeIn } from './path.js';

/** Where names of a section are meant: `depends_on: [db]`, `networks:\n  back:`. */
const NAMES = { depends_on: 'services', networks: 'networks', secrets: 'secrets', configs: 'configs' };

/** `{ from, options: [{ label, detail, apply }] }` for a text as far as the cursor; null: nothing is known. */
export function suggestions(schema, before, after) {
  const place = placeIn(before);
  const typed = before.at(-1);
  const whole = [...before, ...after];
  const inValue = place.key !== null;
  const names = namesFor(inValue ? [...place.path, place.key] : place.path, whole);
  if (inValue) {
    // Only what is written after the colon, and not in brackets or quotes.
    if (typed.length < place.valueFrom || !/^[\w.-]*$/.test(place.value)) return null;
    const found = schemasAt(schema, [...place.path, place.key]);
    const values = found ? valuesOf(found).listed : [];
    return values.length ? { from: place.valueFrom, options: values.map((label) => ({ label, type: 'constant' })) } : null;
  }
  const word = typed.slice(place.col);
  if (!/^[\w.-]*$/.test(word)) return null;
  const found = schemasAt(schema, place.path);
  if (found === null) return null;
  const there = new Set(outline(whole).filter(({ line, path, key }) => key !== null && line !== before.length - 1 && same(path, place.path) && place.path.at(-1) !== '[]').map(({ key }) => key));
  const keys = place.path.at(-1) === '[]' && !allows(found, 'object') ? [] : [...keysOf(found).keys].filter(([name]) => !there.has(name));
  const values = place.path.at(-1) === '[]' ? valuesOf(found).listed : [];
  const indent = ' '.repeat(place.col + 2);
  return {
    from: place.col,
    options: [
      ...names.filter((name) => !there.has(name)).map((label) => ({ label, type: 'variable', boost: 2 })),
      ...keys.map(([label, one]) => ({ label, type: 'property', info: describe(one), apply: label + afterKey(schema, [...place.path, label], indent), ...(one.deprecated ? { boost: -10 } : {}) })),
      ...values.map((label) => ({ label, type: 'constant' })),
    ],
  };
}

const same = (a, b) => a.length === b.length && a.every((name, i) => name === b[i]);
const describe = ({ description }) => description || undefined;

/** A single value goes on in the line; what has keys or items of its own begins the next. */
function afterKey(schema, path, indent) {
  const found = schemasAt(schema, path) ?? [];
  if (found.length === 0 || allows(found, 'string', 'number', 'integer', 'boolean')) return ': ';
  return allows(found, 'array') ? `:\n${indent}- ` : `:\n${indent}`;
}

function namesFor(path, lines) {
  if (path[0] !== 'services' || path.length < 3) return [];
  const section = NAMES[path[2]];
  if (!section || path.length > 4 || (path.length === 4 && path[3] !== '[]')) return [];
  const own = path[2] === 'depends_on' ? path[1] : null;
  return outline(lines).flatMap((entry) => (entry.path.length === 1 && entry.path[0] === section && entry.key !== null && entry.key !== own ? [entry.key] : []));
}

/** As CodeMirror asks. */
export async function complete(context) {
  const schema = await loadSchema();
  if (!schema) return null;
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const lines = [];
  for (let n = 1; n < line.number; n++) lines.push(doc.line(n).text);
  const after = [];
  for (let n = line.number + 1; n <= doc.lines; n++) after.push(doc.line(n).text);
  const found = suggestions(schema, [...lines, line.text.slice(0, context.pos - line.from)], after);
  if (!found || found.options.length === 0) return null;
  // An empty line asks for nothing by itself.
  if (!context.explicit && context.pos === line.from + found.from) return null;
  return { from: line.from + found.from, options: found.options, validFor: /^[\w.-]*$/ };
}
