import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Prints one figure, with its goal or its peer beside it. */
export type Note = (what: string, figure: string, beside?: string) => void;

export interface Measured {
  /** What starts the panel, without `serve`. */
  command: readonly string[];
  /** Smaller and fewer. */
  quick: boolean;
}

export type Bench = (note: Note, measured: Measured) => Promise<void>;

export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
export const range = (values: readonly number[], unit: string, digits = 1) =>
  `${median(values).toFixed(digits)} ${unit} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

/** The executable of dist/, or the sources where there is none; says which. */
export function whatIsMeasured(): Measured {
  const built = join(import.meta.dir, '../../dist', `mantou-linux-${process.arch === 'arm64' ? 'arm64' : 'x64'}`);
  const found = existsSync(built);
  console.log(`measured: ${found ? 'the compiled executable' : 'the sources (no executable in dist/)'}`);
  return { command: found ? [built] : [process.execPath, join(import.meta.dir, '../../src/main.ts')], quick: process.argv.includes('--quick') };
}

export const print: Note = (what, figure, beside = '') => console.log(`  ${what.padEnd(52)} ${figure.padStart(30)}  ${beside}`);

/** One bench by itself: `bun test/bench/upload.ts [--quick]`. */
export async function alone(bench: Bench) {
  await bench(print, whatIsMeasured());
  process.exit(0);
}
