// The colours of the terminal are those of the panel's log and code: dark in both themes, unless somebody likes paper. xterm.js
// draws on a canvas, which knows no custom properties: each is resolved on an element first.
import { prefs } from './prefs.js';

const resolved = (probe, name) => {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};

/** @param root an element that has the colours: the page of the terminals, or a player */
export function theme(root = document.getElementById('tt')) {
  root.toggleAttribute('data-paper', prefs.paper);
  const probe = document.createElement('i');
  probe.className = 'mono';
  root.append(probe);
  const of = (name) => resolved(probe, name);
  const [red, green, yellow, blue, dim, ink] = ['--ansi-red', '--ansi-green', '--ansi-yellow', '--ansi-blue', '--tty-dim', '--tty-ink'].map(of);
  const [magenta, cyan, black] = ['--ansi-magenta', '--ansi-cyan', '--ansi-black'].map(of);
  const background = of('--tty');
  const all = {
    background, foreground: ink, cursor: ink, cursorAccent: background, selectionBackground: of('--tty-selection'),
    black, red, green, yellow, blue, magenta, cyan, white: ink,
    brightBlack: dim, brightRed: red, brightGreen: green, brightYellow: yellow, brightBlue: blue, brightMagenta: magenta, brightCyan: cyan, brightWhite: of('--tty-bright'),
  };
  const { fontFamily } = getComputedStyle(probe);
  probe.remove();
  // Programs choose their colours for black screens; on paper what could not be read is drawn darker.
  return { theme: all, fontFamily, minimumContrastRatio: prefs.paper ? 4.5 : 1 };
}
