import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { JsonScript } from '../parts/json-script.tsx';
import { pageText } from './page-text.ts';
import { IMPORTS } from './imports.ts';

interface DocumentProps {
  ui: Ui;
  /** Whole text of the browser's tab. */
  title: string;
  class: string;
  /** In this order; paths under public/. */
  styles: readonly string[];
  /** Entry modules; paths under public/. */
  scripts: readonly string[];
  /** Modules that the entries import, fetched at once instead of one level after the other. */
  preload?: readonly string[];
  /** Names of modules that only this page imports, beside those of every page. */
  imports?: Readonly<Record<string, string>>;
  head?: Child;
  children?: Child;
}

/** `<html>` to `</html>` (the doctype is `page()`'s): what the shell and the pages before it have in common. */
export function Document({
  ui,
  title,
  class: bodyClass,
  styles,
  scripts,
  preload = [],
  imports = {},
  head,
  children,
}: DocumentProps) {
  return (
    <html lang={ui.lang} data-theme={ui.theme} data-density={ui.density}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false}' />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={ui.asset('favicon.svg')} />
        {styles.map((path) => (
          <link rel="stylesheet" href={ui.asset(path)} />
        ))}
        <JsonScript type="importmap" nonce={ui.nonce} value={{ imports: importsOf(ui, { ...IMPORTS, ...imports }) }} />
        {preload.map((path) => (
          <link rel="modulepreload" href={ui.asset(path)} />
        ))}
        {head}
        {scripts.map((path) => (
          <script type="module" src={ui.asset(path)}></script>
        ))}
      </head>
      <body class={bodyClass} data-icons={ui.asset('icons.svg')} data-version={ui.version}>
        {children}
        <JsonScript id="page-text" value={pageText(ui)} />
      </body>
    </html>
  );
}

function importsOf(ui: Ui, imports: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(imports).map(([name, path]) => [name, ui.asset(path)]));
}
