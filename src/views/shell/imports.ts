/** The import map: names that modules in public/js may import, and the vendored files they mean. */
export const IMPORTS: Readonly<Record<string, string>> = {
  'htmx.org': 'vendor/htmx.esm.min.js',
  '@simplewebauthn/browser': 'vendor/simplewebauthn.umd.min.js',
};

/** Modules that app.js imports; a test holds this list against the files. */
export const APP_MODULES: readonly string[] = [
  'js/requests.js',
  'vendor/htmx.esm.min.js',
  'js/toast.js',
  'js/dom.js',
  'js/text.js',
  'js/form.js',
  'js/dialog.js',
  'js/confirm.js',
  'js/menu.js',
  'js/nav.js',
  'js/theme.js',
  'js/shortcuts.js',
  'js/palette.js',
  'js/match.js',
  'js/table.js',
  'js/time.js',
  'js/copy.js',
  'js/reveal.js',
  'js/tray.js',
  'js/elsewhere.js',
  'js/engine.js',
  'js/armed.js',
];

/** Modules that bare.js imports; held against the files likewise. */
export const BARE_MODULES: readonly string[] = [
  'js/toast.js',
  'js/dom.js',
  'js/text.js',
  'js/form.js',
  'js/theme.js',
  'js/copy.js',
  'js/reveal.js',
];
