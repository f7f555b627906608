import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { keepVersion } from '../versions/keep.ts';
import type { Kept } from './attributes.ts';
import { encode, ENCODING_NAMES, ENCODINGS, isUnwritable, type TextEncoding, type Unwritable } from './encodings.ts';
import { LINE_ENDS, withLineEnds } from './line-ends.ts';
import { readBytes, sha256, textOf, TEXT_MOST, type OpenText } from './open.ts';
import { replace, withTarget, writeAll, type Target } from './replace.ts';

export const SaveText = z.object({
  path: z.string().max(300_000),
  text: z.string().max(TEXT_MOST * 2),
  encoding: z.enum(ENCODINGS),
  bom: z.boolean().default(false),
  /** 'mixed': each line keeps its own. */
  lineEnd: z.enum([...LINE_ENDS, 'mixed']),
  /** SHA-256 of what the text is based on; null: the file must not be there yet. */
  base: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
});
export type SaveInput = z.output<typeof SaveText>;

export interface Saved {
  real: string;
  hash: string;
  size: number;
  modified: number;
  kept: Kept;
  /** Id of the version that was kept of it; null when none is. */
  version: string | null;
}

/** What is on the disk is not what the text is based on: the person decides, with all three in view. */
export class Conflict extends AppError {
  /** null: it was deleted. */
  readonly disk: Omit<OpenText, 'path' | 'real' | 'writable' | 'modified'> | null;
  constructor(disk: Conflict['disk']) {
    super('conflict', (t) => (disk ? t.editor.errors.changed : t.editor.errors.deleted));
    this.disk = disk;
  }
}

/** The encoding has no bytes for a character. */
export class Unencodable extends AppError {
  readonly where: Unwritable;
  constructor(where: Unwritable, name: string) {
    super('invalid', (t) => t.editor.errors.unwritable({ ...where, encoding: name }), { field: 'text' });
    this.where = where;
  }
}

/** @throws AppError; Unencodable; Conflict. Then nothing has changed. */
export async function saveText(app: App, actor: Actor, input: SaveInput): Promise<Saved> {
  const bytes = bytesOf(input);
  return withTarget(app, actor, input.path, async (target) => {
    const before = await bytesThere(target);
    const there = before && sha256(before);
    // Somebody wrote the very same: that is no conflict.
    if (there !== input.base && !(there && there === sha256(bytes))) throw new Conflict(before && textOf(before, sameEncoding(before, input.encoding)));
    return put(app, actor, target, before, bytes, { action: 'files.edit', params: { encoding: input.encoding } });
  });
}

function bytesOf(input: SaveInput): Buffer {
  const bytes = encode(withLineEnds(input.text, input.lineEnd), input.encoding, input.bom);
  if (isUnwritable(bytes)) throw new Unencodable(bytes, ENCODING_NAMES[input.encoding]);
  if (bytes.length > TEXT_MOST) throw new AppError('invalid', (t) => t.editor.errors.tooLarge({ mib: TEXT_MOST >> 20 }), { field: 'size' });
  return bytes;
}

/** The same encoding as the person's text when the disk's bytes are in it; else what they look like. */
const sameEncoding = (bytes: Uint8Array, encoding: TextEncoding) => (textOf(bytes, encoding).fault ? undefined : encoding);

const bytesThere = async ({ at, stats }: Target) => (stats ? readBytes({ at: at as string, stats }) : null);

/** Writes bytes over a file, keeps what was there and what is there now, and says who did it. */
export async function put(app: App, actor: Actor, target: Target, before: Buffer | null, bytes: Buffer, audit: { action: string; params: Record<string, unknown> }): Promise<Saved> {
  if (before && target.stats) await keepVersion(app, target.real, before, { actor: '', at: Math.floor(target.stats.mtimeMs) });
  const { kept, stats } = await replace(app, target, (handle) => writeAll(handle, bytes, 0));
  const hash = sha256(bytes);
  const version = await keepVersion(app, target.real, bytes, { actor, at: app.clock.now() });
  record(app, actor, { action: audit.action, target: target.real, params: { ...audit.params, bytes: bytes.length } });
  app.bus.emit('files.changed', { folder: target.folder.real });
  return { real: target.real, hash, size: bytes.length, modified: Math.floor(stats.mtimeMs), kept, version };
}
