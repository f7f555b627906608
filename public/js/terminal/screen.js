// One screen: xterm.js with what the panel allows programs to do through it.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { ask } from './ask.js';
import { bound } from './bounds.js';
import { copy } from './clipboard.js';
import { wireClipboard } from './offered-clipboard.js';
import { prefs } from './prefs.js';
import './style-nonce.js';
import { theme } from './theme.js';
import { shownText } from './typed.js';

const SCROLLBACK = 10_000;

/** Only what a browser may open: a program must not start `file:` or `javascript:`. */
const isWeb = (address) => /^https?:\/\//i.test(address) && URL.canParse(address);
const openLink = (address) => isWeb(address) && window.open(address, '_blank', 'noopener,noreferrer');

/** A program puts something on the clipboard when the person says so. */
async function offerClipboard(text) {
  if (!(await ask('tt-clipboard', { shown: shownText(text, 2000) }))) return false;
  return copy(text);
}

/**
 * @param quiet is what is drawn now only drawn again, so that nothing is asked of the person?
 * @returns the terminal with its parts: `term`, `fit`, `search`
 */
export function createScreen(host, { readOnly, quiet }) {
  const term = new Terminal({
    ...theme(), fontSize: prefs.size, lineHeight: 1.2, scrollback: SCROLLBACK, cursorBlink: false, disableStdin: readOnly, screenReaderMode: prefs.reader,
    allowProposedApi: true, drawBoldTextInBrightColors: false, macOptionIsMeta: true, rightClickSelectsWord: false, rescaleOverlappingGlyphs: true,
    scrollbar: { showScrollbar: true },
    // A link that a program put behind a text (OSC 8): where it leads is shown first.
    linkHandler: {
      allowNonHttpProtocols: false,
      activate: async (_event, address) => isWeb(address) && (await ask('tt-link', { shown: shownText(new URL(address).href, 4000) })) && openLink(address),
    },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  bound(term, new Unicode11Addon());
  for (const addon of [fit, search, new WebLinksAddon((_event, address) => openLink(address))]) term.loadAddon(addon);
  wireClipboard(term, offerClipboard, quiet);
  term.open(host);
  // Without the focus xterm.js draws no cursor before it had it once: beside the active one, and where it is watched.
  for (const type of ['focus', 'blur']) term.textarea.dispatchEvent(new FocusEvent(type));
  void draw(term);
  return { term, fit, search };
}

let webgl;

/** By WebGL where there is one; without, and when the browser takes it back, xterm.js draws elements. */
async function draw(term) {
  webgl ??= document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true }) ? import('@xterm/addon-webgl') : Promise.resolve(null);
  const found = await webgl.catch(() => null);
  if (!found) return;
  try {
    const addon = new found.WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    term.loadAddon(addon);
  } catch {
    // Elements do as well.
  }
}

/** What has the theme in it changed: each screen takes its colours again. */
export function restyle(term) {
  Object.assign(term.options, theme(), { fontSize: prefs.size, screenReaderMode: prefs.reader });
}
