// The texts that scripts show, in the page's language (src/views/shell/page-text.ts).

export const text = JSON.parse(document.getElementById('page-text')?.textContent ?? '{}');

/** `{n} min ago` + `{ n: 5 }` → `5 min ago` */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
