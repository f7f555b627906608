import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';

/**
 * Every pair of tokens that carries text (4.5:1) or must be found (3:1), in both themes, washes laid over.
 * WCAG 2.2, 1.4.3 and 1.4.11; OKLCH to sRGB after Björn Ottosson.
 */
type Rgb = [number, number, number];
interface Colour {
  rgb: Rgb;
  alpha: number;
}

const css = await Bun.file(join(import.meta.dir, '../../public/css/tokens.css')).text();
const tokens = new Map<string, { light: Colour; dark: Colour }>();
// --ink: light-dark(oklch(0.245 0.012 68), oklch(0.93 0.009 86));
for (const [, name, value] of css.matchAll(/--([\w-]+):\s*((?:light-dark\(\s*)?oklch\([^;]+);/g)) {
  const colours = [...value!.matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/g)].map(parse);
  if (colours.length) tokens.set(name!, { light: colours[0]!, dark: colours.at(-1)! });
}

function parse([, l, c, h, alpha]: RegExpMatchArray): Colour {
  return { rgb: oklch(Number(l), Number(c), Number(h)), alpha: alpha ? Number(alpha) : 1 };
}

function oklch(l: number, c: number, h: number): Rgb {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S,
    -1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S,
    -0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S,
  ];
  return linear.map((x) => {
    const n = Math.min(1, Math.max(0, x));
    return n <= 0.0031308 ? 12.92 * n : 1.055 * n ** (1 / 2.4) - 0.055;
  }) as Rgb;
}

const over = (top: Colour, base: Rgb): Rgb => top.rgb.map((x, i) => x * top.alpha + base[i]! * (1 - top.alpha)) as Rgb;

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

type Pair = { fg: string; bg: string; need: number; wash?: string };
const text = (fg: string, bg: string, wash?: string): Pair => ({ fg, bg, need: 4.5, ...(wash ? { wash } : {}) });
const each = <T>(list: readonly string[], make: (item: string) => T) => list.map(make);

const INKS = ['ink', 'ink-2', 'ink-3'];
const WORDS = [...INKS, 'accent', 'ok', 'warn', 'danger'];
const pairs: Pair[] = [
  ...['canvas', 'sheet', 'raised', 'sunken'].flatMap((bg) => each(WORDS, (fg) => text(fg, bg))),
  ...['hover', 'selected', 'ok-wash', 'warn-wash', 'danger-wash', 'press'].flatMap((wash) =>
    each(INKS, (fg) => text(fg, 'sheet', wash)),
  ),
  ...['ok', 'warn', 'danger', 'accent'].flatMap((tone) =>
    each(['sheet', 'raised'], (bg) => text(tone, bg, `${tone}-wash`)),
  ),
  // The palette's mark and keys on the chosen line.
  text('accent', 'raised', 'selected'),
  text('ink-2', 'raised', 'selected'),
  text('accent', 'canvas', 'press'),
  text('ink-2', 'canvas', 'hover'),
  text('ink-2', 'canvas', 'press'),
  text('ink-2', 'sheet', 'track'),
  ...['sheet', 'raised', 'canvas'].flatMap((bg) =>
    each(['line-control', 'accent-fill', 'ok-fill', 'warn-fill', 'danger-fill'], (fg) => ({ fg, bg, need: 3 })),
  ),
  ...each(['d1', 'd2', 'd3', 'd4'], (fg) => ({ fg: fg === 'd1' ? 'accent-fill' : fg, bg: 'sheet', need: 3 })),
  text('ink-inverse', 'ink'),
  text('on-danger', 'danger-solid'),
  text('tty-ink', 'tty'),
  text('tty-dim', 'tty'),
  ...each(['ansi-red', 'ansi-green', 'ansi-yellow', 'ansi-blue'], (fg) => text(fg, 'tty')),
];

describe.each(['light', 'dark'] as const)('contrast, %s theme', (theme) => {
  const colour = (name: string): Colour => {
    const found = tokens.get(name);
    if (!found) throw new Error(`no token --${name}`);
    return found[theme];
  };

  test('every pair meets WCAG AA', () => {
    const failures = pairs.flatMap(({ fg, bg, wash, need }) => {
      const base = wash ? over(colour(wash), colour(bg).rgb) : colour(bg).rgb;
      const found = ratio(over(colour(fg), base), base);
      return found < need ? [`${fg} on ${bg}${wash ? ` + ${wash}` : ''}: ${found.toFixed(2)} < ${need}`] : [];
    });
    expect(failures).toEqual([]);
  });
});
