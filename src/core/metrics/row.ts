import type { SampleRow } from '../../db/schema/samples.ts';
import type { Sample } from './sample.ts';

/**
 * What a row keeps beside its columns, as JSON with short names because there are tens of thousands of them:
 * `i` interfaces [rx, tx], `d` disks [read, write], `m` mounts [used, capacity], `s` sensors °C.
 */
export interface Parts {
  i?: Record<string, [number, number]>;
  d?: Record<string, [number, number]>;
  m?: Record<string, [number, number]>;
  s?: Record<string, number>;
}

export const FIGURES = ['cpu', 'cpuMax', 'load1', 'memoryUsed', 'memoryCache', 'swapUsed', 'netRx', 'netTx', 'diskRead', 'diskWrite'] as const;
export type Figure = (typeof FIGURES)[number];
export type Figures = Record<Figure, number | null>;

/** One row of history before it is written: figures are averages over `weight` seconds, `cpuMax` is the highest. */
export interface Piece extends Figures {
  weight: number;
  parts: Parts;
}

/** A machine with hundreds of interfaces does not fill the disk with their names. */
const PARTS_MAX = 32;

export function pieceOf(sample: Sample, seconds: number, mounts?: Parts['m']): Piece {
  const pair = <T extends { name: string }>(rows: T[], read: (row: T) => [number, number]) =>
    Object.fromEntries(rows.slice(0, PARTS_MAX).map((row) => [row.name, read(row)]));
  const { memory, network, disk } = sample;
  return {
    weight: seconds,
    cpu: sample.cpu, cpuMax: sample.cpu, load1: sample.load?.[0] ?? null,
    memoryUsed: memory?.used ?? null, memoryCache: memory?.cache ?? null, swapUsed: memory?.swapUsed ?? null,
    netRx: network?.rx ?? null, netTx: network?.tx ?? null, diskRead: disk?.read ?? null, diskWrite: disk?.write ?? null,
    parts: {
      i: pair(sample.interfaces, (row) => [row.rx, row.tx]),
      d: pair(sample.disks, (row) => [row.read, row.write]),
      s: Object.fromEntries(sample.sensors.slice(0, PARTS_MAX).map((row) => [row.name, row.celsius])),
      ...(mounts ? { m: mounts } : {}),
    },
  };
}

/** Average by weight of what is known; the highest `cpuMax`; the last state of mounts. `pieces` are in order of time. */
export function mergePieces(pieces: readonly Piece[]): Piece {
  const first = pieces[0];
  if (first && pieces.length === 1) return first;
  const merged = { weight: pieces.reduce((sum, piece) => sum + piece.weight, 0) } as Piece;
  for (const figure of FIGURES) {
    merged[figure] = figure === 'cpuMax' ? highest(pieces) : average(pieces, (piece) => piece[figure]);
  }
  merged.parts = { i: mergePairs(pieces, 'i'), d: mergePairs(pieces, 'd'), s: mergeSensors(pieces) };
  const mounts = Object.assign({}, ...pieces.map((piece) => piece.parts.m ?? {})) as NonNullable<Parts['m']>;
  if (Object.keys(mounts).length) merged.parts.m = mounts;
  return merged;
}

function average(pieces: readonly Piece[], read: (piece: Piece) => number | null | undefined): number | null {
  let sum = 0;
  let weight = 0;
  for (const piece of pieces) {
    const value = read(piece);
    if (value === null || value === undefined) continue;
    sum += value * piece.weight;
    weight += piece.weight;
  }
  return weight > 0 ? sum / weight : null;
}

function highest(pieces: readonly Piece[]): number | null {
  let max: number | null = null;
  for (const { cpuMax } of pieces) if (cpuMax !== null && (max === null || cpuMax > max)) max = cpuMax;
  return max;
}

function mergePairs(pieces: readonly Piece[], key: 'i' | 'd'): Record<string, [number, number]> {
  const sums = new Map<string, [number, number, number]>();
  for (const { parts, weight } of pieces) {
    const part = parts[key];
    for (const name in part) {
      const sum = sums.get(name) ?? [0, 0, 0];
      sum[0] += part[name]![0] * weight;
      sum[1] += part[name]![1] * weight;
      sum[2] += weight;
      sums.set(name, sum);
    }
  }
  const merged: Record<string, [number, number]> = {};
  for (const [name, [a, b, weight]] of sums) merged[name] = [Math.round(a / weight), Math.round(b / weight)];
  return merged;
}

function mergeSensors(pieces: readonly Piece[]): Record<string, number> {
  const names = new Set(pieces.flatMap((piece) => Object.keys(piece.parts.s ?? {})));
  return Object.fromEntries([...names].map((name) => [name, tenth(average(pieces, (piece) => piece.parts.s?.[name])!)]));
}

const tenth = (n: number) => Math.round(n * 10) / 10;

/** Digits that nobody sees are not kept: whole bytes, tenths of a percent, hundredths of load. */
export function toRow(step: number, at: number, piece: Piece): SampleRow {
  const { parts, weight, ...figures } = piece;
  const rounded = Object.fromEntries(FIGURES.map((name) => {
    const value = figures[name];
    if (value === null) return [name, null];
    return [name, name === 'load1' ? Math.round(value * 100) / 100 : name.startsWith('cpu') ? tenth(value) : Math.round(value)];
  })) as Figures;
  return { step, at, weight: Math.round(weight * 1000) / 1000, ...rounded, parts: JSON.stringify(parts) };
}

export function fromRow(row: SampleRow): Piece {
  return { ...row, parts: readParts(row.parts) };
}

/** A row whose parts were damaged keeps its columns. */
export function readParts(text: string): Parts {
  try {
    return JSON.parse(text) as Parts;
  } catch {
    return {};
  }
}
