import { detect } from '../text/detect.ts';
import type { TextEncoding } from '../text/encodings.ts';
import { characterEnd } from '../windows/bounds.ts';

/** How a file can be shown. */
export type Kind = 'text' | 'markdown' | 'table' | 'html' | 'svg' | 'image' | 'audio' | 'video' | 'pdf' | 'binary';

/** Bytes that are enough to tell. */
export const HEAD = 8192;

export interface Looks {
  kind: Kind;
  /** As its bytes say, not its name. */
  type: string;
  /** Of what is text. */
  encoding: TextEncoding | null;
}

/** Beginnings of files, from their specifications; `.` stands for any byte. Only what browsers show. */
const MAGIC: readonly [number, string, Kind, string][] = [
  [0, '\x89PNG\r\n\x1a\n', 'image', 'image/png'],
  [0, '\xff\xd8\xff', 'image', 'image/jpeg'],
  [0, 'GIF8', 'image', 'image/gif'],
  [8, 'WEBP', 'image', 'image/webp'],
  [0, '\x00\x00\x01\x00', 'image', 'image/x-icon'],
  [0, 'BM', 'image', 'image/bmp'],
  [0, '%PDF-', 'pdf', 'application/pdf'],
  [8, 'WAVE', 'audio', 'audio/wav'],
  [0, 'ID3', 'audio', 'audio/mpeg'],
  [0, '\xff\xfb', 'audio', 'audio/mpeg'],
  [0, '\xff\xf3', 'audio', 'audio/mpeg'],
  [0, 'fLaC', 'audio', 'audio/flac'],
  [0, '\xff\xf1', 'audio', 'audio/aac'],
  [0, '\x1aE\xdf\xa3', 'video', 'video/webm'],
];

/** What a text with this ending is shown as, beside plainly. */
const TEXTS: Readonly<Record<string, Kind>> = {
  md: 'markdown', markdown: 'markdown', csv: 'table', tsv: 'table', html: 'html', htm: 'html', xhtml: 'html', svg: 'svg',
};
const TYPES: Partial<Record<Kind, string>> = { markdown: 'text/markdown', table: 'text/csv', html: 'text/html', svg: 'image/svg+xml' };

/** What the first bytes say; the name only tells one text from another. */
export function looksOf(head: Buffer, name: string): Looks {
  const start = head.subarray(0, 64).toString('latin1');
  const magic = MAGIC.find(([at, bytes]) => start.startsWith(bytes, at) && (bytes !== 'WEBP' && bytes !== 'WAVE' || start.startsWith('RIFF')));
  // "BM" also begins words.
  if (magic && !(magic[1] === 'BM' && !head.includes(0))) return { kind: magic[2], type: magic[3], encoding: null };
  const container = containerOf(start, head);
  if (container) return { kind: container[0], type: container[1], encoding: null };
  const encoding = textEncoding(head);
  if (!encoding) return { kind: 'binary', type: 'application/octet-stream', encoding: null };
  const kind = TEXTS[endingOf(name)] ?? 'text';
  return { kind, type: TYPES[kind] ?? 'text/plain', encoding };
}

const endingOf = (name: string) => (name.lastIndexOf('.') > 0 ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '');

/** ISO base media (MP4, AVIF) names its brand; Ogg holds sound or pictures. */
function containerOf(start: string, head: Buffer): [Kind, string] | null {
  if (start.startsWith('ftyp', 4)) {
    const brand = start.slice(8, 12);
    if (/^(avif|avis)$/.test(brand)) return ['image', 'image/avif'];
    if (/^(heic|heix|mif1|hevc)$/.test(brand)) return null;
    return brand === 'M4A ' ? ['audio', 'audio/mp4'] : ['video', 'video/mp4'];
  }
  if (!start.startsWith('OggS')) return null;
  return head.toString('latin1', 0, 512).includes('theora') ? ['video', 'video/ogg'] : ['audio', 'audio/ogg'];
}

/** null: these are the first bytes of no text */
function textEncoding(head: Buffer): TextEncoding | null {
  // A character that the end of the piece cuts would make the whole look broken.
  const lines = head.lastIndexOf(10) + 1;
  const cut = head.length < HEAD || head.includes(0) ? head.length : lines > HEAD / 2 ? lines : characterEnd(head, 0, HEAD - 8, 'utf-8');
  const found = detect(head.subarray(0, cut));
  return found.binary ? null : found.encoding;
}
