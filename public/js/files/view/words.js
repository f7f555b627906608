// The texts and numbers of the viewer, in the page's language (src/views/files/view/words.ts).
export const words = JSON.parse(document.getElementById('view-words').textContent);

const numbers = new Intl.NumberFormat(words.lang);
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

export const number = (n) => numbers.format(n);

/** 62_400_000 → `62.4 MB`, as the server says it. */
export function bytes(n) {
  let size = n;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${new Intl.NumberFormat(words.lang, { maximumFractionDigits: unit === 0 || size >= 100 ? 0 : 1 }).format(size)} ${UNITS[unit]}`;
}
