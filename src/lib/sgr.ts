import { withoutEscapes } from './escape-sequences.ts';

/** A piece of text and how it looks: class names such as `a1` (red), `z4` (on blue), `bold`; '' for as it is. */
export type Segment = readonly [text: string, look: string];

/** CSI … m, "Select Graphic Rendition" (ECMA-48, 8.3.117). */
const SGR = /\x1b\[([\d;:]*)m/g;

interface Look {
  fore: number | null;
  back: number | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Look = { fore: null, back: null, bold: false, dim: false, italic: false, underline: false };

/**
 * A line that a program coloured for a terminal, as pieces of one look each. What a terminal would have written over (a
 * progress that ends in a carriage return) is left out, and so are all other sequences and control characters.
 */
export function segmentsOf(line: string): Segment[] {
  const shown = line.slice(line.lastIndexOf('\r') + 1);
  if (!shown.includes('\x1b')) return [[withoutEscapes(shown), '']];
  const segments: Segment[] = [];
  let look = PLAIN;
  let at = 0;
  const add = (text: string) => {
    const clean = withoutEscapes(text);
    if (clean) segments.push([clean, classesOf(look)]);
  };
  for (const found of shown.matchAll(SGR)) {
    add(shown.slice(at, found.index));
    at = found.index + found[0].length;
    look = changed(look, (found[1] || '0').split(/[;:]/).map(Number));
  }
  add(shown.slice(at));
  return segments;
}

function changed(look: Look, codes: readonly number[]): Look {
  let next = { ...look };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 38 || code === 48) {
      const { colour, used } = further(codes.slice(i + 1));
      next = { ...next, [code === 38 ? 'fore' : 'back']: colour };
      i += used;
    } else next = { ...next, ...simple(code) };
  }
  return next;
}

function simple(code: number): Partial<Look> {
  if (code === 0) return PLAIN;
  if (code === 1) return { bold: true };
  if (code === 2) return { dim: true };
  if (code === 3) return { italic: true };
  if (code === 4) return { underline: true };
  if (code === 22) return { bold: false, dim: false };
  if (code === 23) return { italic: false };
  if (code === 24) return { underline: false };
  if (code >= 30 && code <= 37) return { fore: code - 30 };
  if (code === 39) return { fore: null };
  if (code >= 40 && code <= 47) return { back: code - 40 };
  if (code === 49) return { back: null };
  if (code >= 90 && code <= 97) return { fore: code - 90 };
  return code >= 100 && code <= 107 ? { back: code - 100 } : {};
}

/** `38;5;n` and `38;2;r;g;b`: the nearest of the eight that the page has. */
function further(codes: readonly number[]): { colour: number | null; used: number } {
  if (codes[0] === 2) return { colour: nearest(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0), used: 4 };
  if (codes[0] !== 5) return { colour: null, used: 0 };
  const n = codes[1] ?? 0;
  if (n < 16) return { colour: n % 8, used: 2 };
  // 232 to 255 are greys, 16 to 231 a cube of six by six by six (xterm).
  if (n >= 232) return { colour: n >= 244 ? 7 : 0, used: 2 };
  const [r, g, b] = [Math.floor((n - 16) / 36), Math.floor((n - 16) / 6) % 6, (n - 16) % 6] as const;
  return { colour: nearest(r * 51, g * 51, b * 51), used: 2 };
}

const nearest = (r: number, g: number, b: number) => {
  const half = Math.max(64, Math.max(r, g, b) / 2);
  return (r > half ? 1 : 0) + (g > half ? 2 : 0) + (b > half ? 4 : 0);
};

function classesOf({ fore, back, bold, dim, italic, underline }: Look): string {
  return [fore !== null && `a${fore}`, back !== null && `z${back}`, bold && 'bold', dim && 'dim', italic && 'it', underline && 'un'].filter(Boolean).join(' ');
}
