// Texts and numbers of the page of folders, in its language (src/views/files/page-text.ts).
import { createFormat } from '../dashboard/format.js';

export const words = JSON.parse(document.getElementById('files-text')?.textContent ?? '{}');
const format = createFormat(document.documentElement.lang);

export const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
export const bytes = (n) => format.bytes(n);

/** Says it to who listens instead of looking. */
export function announce(text) {
  const status = document.getElementById('files-status');
  if (status) status.textContent = text;
}
