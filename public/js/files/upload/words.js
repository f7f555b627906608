// Texts, sizes and times of uploads, in the page's language (src/views/files/upload.tsx).
import { createFormat } from '../../dashboard/format.js';
import { fill } from '../../text.js';

const LONG_S = 5400;
export const words = JSON.parse(document.getElementById('upload-text')?.textContent ?? '{}');
const format = createFormat(document.documentElement.lang);
const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });

export const bytes = (n) => format.bytes(n);
export const moment = (ms) => when.format(ms);
export const rate = (perSecond) => fill(words.rate, { size: bytes(perSecond) });

/** Rounded so that it does not flicker: 12 s, 3 min, 2 h. */
export function duration(seconds) {
  if (seconds < 60) return fill(words.seconds, { n: Math.max(1, Math.round(seconds)) });
  if (seconds < LONG_S) return fill(words.minutes, { n: Math.round(seconds / 60) });
  return fill(words.hours, { n: Math.round(seconds / 3600) });
}
