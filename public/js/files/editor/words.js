// What the editor says, in the page's language (src/views/files/editor/words.ts).
import { fill } from '../../text.js';

export const words = JSON.parse(document.getElementById('ed-words')?.textContent ?? '{}');

/** `{ none, one, many: '{n} places' }` and how many. */
export const count = (say, n) => fill(n === 0 ? say.none : n === 1 ? say.one : say.many, { n: String(n) });

// Bytes that are no UTF-8 stand as private characters in a name (src/lib/file-name.ts): for people they are `\xe9`.
export const shown = (name) => name.replace(/[\u{10ff80}-\u{10ffff}]/gu, (char) => `\\x${(char.codePointAt(0) - 0x10ff00).toString(16)}`);

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)).toString();
