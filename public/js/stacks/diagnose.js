// What is wrong in a compose file by its schema, as it is written: keys that Compose does not know, values that are none of
// the few that may be, and a list where keys belong. Warnings only: the last word has Compose itself.
import { fill } from '../text.js';
import { allows, keysOf, schemasAt, valuesOf } from './compose-schema.js';
import { outline } from './path.js';

const MOST = 50;

/** Steps from one word to another; more than two are no slip of the finger. */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) [diagonal, row[j]] = [row[j], Math.min(row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1))];
  }
  return row[b.length];
}

const nearest = (key, keys) => [...keys].map((one) => [distance(key, one), one]).filter(([n]) => n <= 2).sort((a, b) => a[0] - b[0])[0]?.[1];

/** `[{ line, from, to, message }]`, columns from 0. */
export function diagnose(schema, lines, words) {
  const found = [];
  const add = (line, from, to, message) => found.push({ line, from, to: Math.max(to, from + 1), message });
  for (const [line, text] of lines.entries()) if (/^ *\t/.test(text)) add(line, text.indexOf('\t'), text.indexOf('\t') + 1, words.tab);
  // With a tab in the indent nothing is where it seems to be.
  if (found.length) return found;
  for (const entry of outline(lines)) {
    if (found.length >= MOST) break;
    const { line, col, key, keyTo, value, valueFrom, path } = entry;
    const above = schemasAt(schema, path);
    if (above === null) continue;
    const here = key === null ? above : known(schema, above, entry, add, words);
    if (!here || value === '' || /^[&*!|>]|\$/.test(value)) continue;
    const to = valueFrom + value.length;
    if (/^[[{]/.test(value)) {
      if (value.startsWith('[') && !allows(here, 'array')) add(line, valueFrom, to, allows(here, 'object') ? words.wantsMap : words.wantsText);
      else if (value.startsWith('{') && !allows(here, 'object')) add(line, valueFrom, to, allows(here, 'array') ? words.wantsList : words.wantsText);
      continue;
    }
    if (!allows(here, 'string', 'number', 'integer', 'boolean', 'null')) {
      add(line, valueFrom, to, allows(here, 'object') ? words.wantsMap : words.wantsList);
      continue;
    }
    const { listed, free } = valuesOf(here);
    const plain = value.replace(/^(["'])(.*)\1$/, '$2');
    if (listed.length && !free && !listed.includes(plain) && !/^(yes|no|on|off|null|~)$/i.test(plain)) add(line, valueFrom, to, fill(words.oneOf, { values: listed.join(', ') }));
  }
  return found;
}

/** What may stand under a key; null when nothing is known of it. */
function known(schema, above, { line, col, key, keyTo, path }, add, words) {
  const { keys, closed, has } = keysOf(above);
  if (closed && !has(key) && key !== '<<' && !key.startsWith('x-')) {
    const meant = nearest(key, keys.keys());
    add(line, col, keyTo, [fill(words.unknownKey, { key }), meant ? fill(words.meant, { key: meant }) : ''].filter(Boolean).join(' '));
    return null;
  }
  return schemasAt(schema, [...path, key]);
}
