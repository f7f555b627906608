/** Parts of xterm.js that the terminal loads, each a package of its own. */
export const XTERM_ADDONS = ['fit', 'search', 'serialize', 'unicode11', 'web-links', 'webgl'] as const;

/** Names that the terminal's modules import, beside those of every page. */
export const TERMINAL_IMPORTS: Readonly<Record<string, string>> = {
  '@xterm/xterm': 'vendor/xterm/xterm.mjs',
  ...Object.fromEntries(XTERM_ADDONS.map((name) => [`@xterm/addon-${name}`, `vendor/xterm/addon-${name}.mjs`])),
};

/** Modules that js/terminal/main.js imports; a test holds this list against the files. WebGL comes when it is known to work. */
export const TERMINAL_MODULES: readonly string[] = [
  'js/sse.js',
  'js/connection.js',
  'js/prefs.js',
  'js/question.js',
  ...['ask', 'bar', 'bounds', 'broadcast', 'clipboard', 'commands', 'end', 'keys', 'layout', 'left', 'looks', 'offered-clipboard', 'pane', 'prefs', 'scale', 'screen', 'search', 'server', 'socket', 'ssh-hosts', 'start', 'style-nonce', 'tabs', 'theme', 'typed', 'words', 'snippets/picker', 'snippets/placeholders'].map((name) => `js/terminal/${name}.js`),
  'vendor/xterm/xterm.mjs',
  ...['fit', 'search', 'unicode11', 'web-links'].map((name) => `vendor/xterm/addon-${name}.mjs`),
];
