import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFile } from '../../../platform/files.ts';
import { can } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { openFile } from '../entry.ts';
import { told } from '../faults.ts';
import { normalPath } from '../paths.ts';
import { checkReach } from '../reach.ts';
import { detect } from './detect.ts';
import { decode, type TextEncoding } from './encodings.ts';
import { lineEndOf, type LineEnd } from './line-ends.ts';

/** Bytes of the largest file that is opened as one text; larger ones are looked at in pieces. */
export const TEXT_MOST = 5 << 20;

export interface OpenText {
  /** As it was asked for, and where it is without symlinks. */
  path: string;
  real: string;
  text: string;
  encoding: TextEncoding;
  bom: boolean;
  lineEnd: LineEnd | 'mixed';
  /** SHA-256 of the bytes, hex: what a save is checked against. */
  hash: string;
  size: number;
  /** ms since 1970 */
  modified: number;
  /** Why it cannot be written back: the bytes are no text, or not in this encoding. */
  fault: 'binary' | 'undecodable' | null;
  /** Has this person the right to change it? What the file itself allows is found out by saving. */
  writable: boolean;
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const tooLarge = () => new AppError('invalid', (t) => t.editor.errors.tooLarge({ mib: TEXT_MOST >> 20 }), { field: 'size' });

/** @throws AppError invalid with field "size" when it is larger than `TEXT_MOST`; also while it grows, and where the size is unknown (/proc). */
export async function readBytes(file: Pick<PinnedFile, 'at' | 'stats'>): Promise<Buffer> {
  if (file.stats.size > TEXT_MOST) throw tooLarge();
  const handle = await open(file.at, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.alloc(Math.min(TEXT_MOST + 1 - size, Math.max(64 << 10, file.stats.size + 1 - size)));
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return Buffer.concat(pieces);
      size += bytesRead;
      if (size > TEXT_MOST) throw tooLarge();
      pieces.push(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** Bytes as a text, in the encoding that is asked for or the one that they look like. */
export function textOf(bytes: Uint8Array, wanted?: TextEncoding): Pick<OpenText, 'text' | 'encoding' | 'bom' | 'lineEnd' | 'hash' | 'size' | 'fault'> {
  const found = wanted ? { encoding: wanted, ...decode(bytes, wanted), binary: false } : detect(bytes);
  const { text, encoding, bom } = found;
  return {
    text, encoding, bom, lineEnd: lineEndOf(text), hash: sha256(bytes), size: bytes.length,
    fault: found.binary ? 'binary' : found.exact ? null : 'undecodable',
  };
}

/** @throws AppError not_found, denied, or invalid: a folder, a device, too large */
export async function openText(app: App, actor: Actor, path: string, wanted?: TextEncoding): Promise<OpenText> {
  const normal = normalPath(app.host.files.kind, path);
  const file = await openFile(app, actor, normal);
  try {
    const bytes = await told(normal, () => readBytes(file));
    const allowed = can(actor, 'files.write') && (await checkReach(app, actor, file.real, 'write').then(() => true, () => false));
    return { path: normal, real: file.real, modified: Math.floor(file.stats.mtimeMs), writable: allowed, ...textOf(bytes, wanted) };
  } finally {
    await file.close();
  }
}
