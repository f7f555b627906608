// `{{name}}` and `{{port:8080}}` in a snippet: what is asked before it is typed. `{{.Names}}` of Go templates is none.
const PLACE = /\{\{[ \t]*([\p{L}\p{N}_][\p{L}\p{N}_ -]{0,39}?)[ \t]*(?::([^{}\n]*))?\}\}/gu;

/** @returns each name once, in order, with the value that it begins with */
export function placesOf(text) {
  const places = new Map();
  for (const [, name, value] of text.matchAll(PLACE)) if (!places.has(name) || (value !== undefined && !places.get(name))) places.set(name, value ?? '');
  return [...places].map(([name, value]) => ({ name, value }));
}

/** One word of a POSIX shell (XCU 2.2.2): inside single quotes nothing means anything but the single quote. */
export const quoted = (value) => (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);

/**
 * Which quotes are open at a place of a command (XCU 2.2, 2.6.3): `'`, `"` or ''. Those of a comment, and one that is never
 * closed (an apostrophe in a here document), are none.
 */
function quoteAt(text, place) {
  const open = [{ char: '', closed: true }];
  let here = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const top = open.at(-1);
    if (at >= place) here ??= top;
    if (char === '\\') at++;
    else if (char === "'" && top.char !== '"') {
      const end = text[at - 1] === '$' ? afterEscapes(text, at + 1) : text.indexOf("'", at + 1);
      if (at < place && place < end) return char;
      at = Math.max(at, end);
    } else if (char === '#' && top.char !== '"' && /^$|[\s;&|(]/.test(text[at - 1] ?? '')) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (char === '(' && (text[at - 1] === '$' || top.char !== '"')) open.push({ char: ')', closed: false });
    else if (char === top.char) open.pop().closed = true;
    else if (char === '"' || char === '`') open.push({ char, closed: false });
  }
  return here?.closed && here.char === '"' ? '"' : '';
}

/** End of `$'…'`, in which a quote may be escaped. */
function afterEscapes(text, from) {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === "'") return at;
  }
  return -1;
}

/** The snippet with its values; quotes around a place are left for its value. Control characters would be keys: a value has none. */
export function filled(text, values, quote) {
  const bare = text.replace(PLACE, (whole) => '_'.repeat(whole.length));
  return text.replace(PLACE, (_whole, name, _value, at) => {
    const value = (values[name] ?? '').replace(/[\x00-\x1f\x7f-\x9f]/g, '');
    const around = quote ? quoteAt(bare, at) : '';
    return quote ? `${around}${quoted(value)}${around}` : value;
  });
}
