import type { Kind } from './kind.ts';
import type { Look } from './look.ts';

/** Ways to look at a file. */
export const SHOWS = ['text', 'markdown', 'table', 'html', 'svg', 'image', 'audio', 'video', 'pdf', 'hex'] as const;
export type Show = (typeof SHOWS)[number];

/** Bytes that a preview takes: what it must have whole, the browser has to hold. Windows and streams have no such bound. */
export const PREVIEW_MOST: Partial<Record<Show, number>> = { markdown: 2 << 20, html: 5 << 20, svg: 5 << 20, image: 100 << 20, pdf: 500 << 20 };

/** The ways that fit a file, the best one first. */
export function showsOf({ kind }: { kind: Kind }): Show[] {
  if (kind === 'binary') return ['hex', 'text'];
  if (kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'pdf') return [kind, 'hex'];
  return kind === 'text' ? ['text', 'hex'] : [kind, 'text', 'hex'];
}

/** The way that is asked for, or the best that takes a file of this size. */
export function chooseShow(look: Look, asked: Show | undefined): Show {
  const fits = showsOf(look);
  if (asked && fits.includes(asked)) return asked;
  return fits.find((show) => look.size <= (PREVIEW_MOST[show] ?? Infinity)) ?? 'hex';
}

/** Texts that the editor takes; the rest is looked at. */
export const isText = (kind: Kind) => ['text', 'markdown', 'table', 'html', 'svg'].includes(kind);
