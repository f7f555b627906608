// Keys that a phone has not, below the screen. Ctrl and Alt hold for the next key.
import { on } from '../dom.js';

const bar = document.getElementById('tt-keys');
const holds = { ctrl: false, alt: false };

const SEQUENCES = { esc: '\x1b', tab: '\t', up: 'A', down: 'B', right: 'C', left: 'D' };

/** What a key becomes while Ctrl or Alt is held: `c` is ^C, and Alt sends ESC first. */
export function held(data) {
  let text = data;
  if (holds.ctrl && text.length === 1) text = control(text);
  if (holds.alt) text = `\x1b${text}`;
  return text;
}

/** ASCII: a control character is its letter without the upper bits; a space is NUL, `?` is DEL. */
function control(char) {
  if (char === '?') return '\x7f';
  const code = char.toUpperCase().charCodeAt(0);
  return code === 32 || (code >= 64 && code < 96) ? String.fromCharCode(code & 31) : char;
}

export function release() {
  for (const name of Object.keys(holds)) hold(name, false);
}

function hold(name, value) {
  if (holds[name] === value) return;
  holds[name] = value;
  bar?.querySelector(`[data-hold="${name}"]`)?.setAttribute('aria-pressed', String(value));
}

/** @param active gives the pane that has the focus */
export function wireKeys(active) {
  // The screen keeps the focus, and with it the keyboard of the phone.
  bar.addEventListener('pointerdown', (event) => event.preventDefault());
  on('click', '#tt-keys [data-hold]', (_event, { dataset: { hold: name } }) => hold(name, !holds[name]));
  on('click', '#tt-keys [data-text]', (_event, { dataset: { text } }) => active()?.type(text));
  on('click', '#tt-keys [data-key]', (_event, { dataset: { key } }) => {
    const pane = active();
    if (!pane?.screen) return;
    const sequence = SEQUENCES[key];
    const cursor = /^[A-D]$/.test(sequence);
    // Programs that draw whole screens ask for other arrows (DECCKM).
    pane.type(cursor ? `\x1b${pane.screen.term.modes.applicationCursorKeysMode ? 'O' : '['}${sequence}` : sequence);
    pane.focus();
  });
}
