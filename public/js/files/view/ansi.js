// Colours of terminals (ECMA-48 SGR) as classes; every other control sequence is left out.
const SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

/** "\x1b[31mred\x1b[0m plain" → [{ text: 'red', color: 1 }, { text: ' plain' }]; `state` goes on from line to line. */
export function pieces(line, state = {}) {
  const out = [];
  let from = 0;
  const push = (to) => {
    if (to > from) out.push({ text: line.slice(from, to), ...state });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') apply(match[1], state);
  }
  push(line.length);
  return out;
}

function apply(codes, state) {
  const list = (codes || '0').split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const code = list[i];
    if (code === 0) for (const key of Object.keys(state)) delete state[key];
    else if (code === 1) state.bold = true;
    else if (code === 22) delete state.bold;
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) state.color = code % 10;
    else if (code === 39) delete state.color;
    // Other palettes: their numbers are passed over.
    else if (code === 38 || code === 48) i += list[i + 1] === 5 ? 2 : 4;
  }
}

/** Without any of it. */
export const plain = (line) => line.replace(SEQUENCE, '');
