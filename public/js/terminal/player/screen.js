// A screen that only shows. What a program once said does nothing here: no clipboard, no links, no answers, no bell.
import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import { bound } from '../bounds.js';
import { scale } from '../scale.js';
import '../style-nonce.js';
import { theme } from '../theme.js';

const LETTERS = { least: 5, most: 16 };

/** @param root has the colours, `host` is filled */
export function createScreen(root, host) {
  const term = new Terminal({
    ...theme(root), fontSize: 13, lineHeight: 1.2, scrollback: 2000, cursorBlink: false, disableStdin: true, allowProposedApi: true,
    drawBoldTextInBrightColors: false, rescaleOverlappingGlyphs: true, linkHandler: { activate: () => {} },
  });
  const fit = new FitAddon();
  term.loadAddon(fit);
  bound(term, new Unicode11Addon());
  term.open(host);
  // Keys are the player's.
  term.attachCustomKeyEventHandler(() => false);
  term.textarea.tabIndex = -1;
  term.textarea.readOnly = true;

  const fill = () => scale(term, fit, LETTERS);
  new ResizeObserver(fill).observe(host);
  return {
    write: (text, done) => term.write(text, done),
    reset: () => term.reset(),
    resize(cols, rows) {
      if (term.cols === cols && term.rows === rows) return;
      term.resize(cols, rows);
      fill();
    },
    restyle: () => void Object.assign(term.options, theme(root)),
  };
}
