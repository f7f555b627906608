/** The import map: names that modules in public/js may import, and the vendored files they mean. */
export const IMPORTS: Readonly<Record<string, string>> = {
  'htmx.org': 'vendor/htmx.esm.min.js',
  'htmx-sse': 'vendor/hx-sse.min.js',
  'htmx-alpine-compat': 'vendor/hx-alpine-compat.min.js',
  alpinejs: 'vendor/alpine-csp.esm.min.js',
  uplot: 'vendor/uplot.esm.js',
  '@simplewebauthn/browser': 'vendor/simplewebauthn.umd.min.js',
};

/** Modules that app.js imports; a test holds this list against the files. */
export const APP_MODULES: readonly string[] = [];

/** Modules that bare.js imports; held against the files likewise. */
export const BARE_MODULES: readonly string[] = [];
