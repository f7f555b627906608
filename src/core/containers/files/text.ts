import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { TarHead } from '../../../lib/tar-read.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { encode, ENCODING_NAMES, ENCODINGS, isUnwritable } from '../../files/text/encodings.ts';
import { LINE_ENDS, withLineEnds } from '../../files/text/line-ends.ts';
import { textOf, TEXT_MOST, type OpenText } from '../../files/text/open.ts';
import { baseOf, parentOf } from '../../files/paths.ts';
import { fileHindrance, findPlace, pathIn, type Hindrance, type Place } from './place.ts';
import { openIn } from './read.ts';
import { realPath } from './real.ts';
import { headOrNull, putIn, refuseUnwritable, seen } from './write.ts';

export interface ContainerText extends Pick<OpenText, 'text' | 'encoding' | 'bom' | 'lineEnd' | 'size' | 'fault'> {
  place: Place;
  path: string;
  real: string;
  /** What it is now; a save says what it is based on. null: it cannot be written. */
  state: string | null;
  owner: string;
  mode: number;
  hindrance: Hindrance | null;
}

export const SaveContainerText = z.object({
  path: z.string().min(1).max(300_000),
  text: z.string().max(TEXT_MOST * 2),
  encoding: z.enum(ENCODINGS).default('utf-8'),
  bom: z.stringbool().default(false),
  lineEnd: z.enum([...LINE_ENDS, 'mixed']).default('lf'),
  state: z.string().max(200),
});

/** Time and size; what both say nothing of is said by the bytes, where somebody writes twice in a second. */
const stateOf = ({ modified, size }: TarHead, bytes: Buffer) => `${modified}-${size}-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;

interface Read {
  head: TarHead | null;
  bytes: Buffer;
}

async function readIn(app: App, place: Place, path: string): Promise<Read> {
  const file = await openIn(app, place, path);
  const tooLarge = () => new AppError('invalid', (t) => t.editor.errors.tooLarge({ mib: TEXT_MOST >> 20 }), { field: 'size' });
  try {
    if ((file.size ?? 0) > TEXT_MOST) throw tooLarge();
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const piece of file.bytes) {
      size += piece.length;
      if (size > TEXT_MOST) throw tooLarge();
      parts.push(Uint8Array.from(piece));
    }
    return { head: file.head, bytes: Buffer.concat(parts) };
  } finally {
    file.close();
  }
}

/** A file as a text. @throws AppError denied, invalid (too large, no file), not_found, unavailable */
export async function openContainerText(app: App, actor: Actor, id: string, input: string): Promise<ContainerText> {
  const place = await findPlace(app, actor, id);
  const path = pathIn(input);
  const real = await realPath(app, place, path);
  const { head, bytes } = await readIn(app, place, real);
  record(app, actor, { action: 'containers.files.read', target: place.name, params: { path } });
  return {
    place, path, real, ...textOf(bytes), hindrance: fileHindrance(place, real), mode: head?.mode ?? 0, owner: head ? `${head.user || head.uid}:${head.group || head.gid}` : '',
    state: head ? stateOf(head, bytes) : null,
  };
}

/**
 * Writes a text over the file that it is based on; owner and mode stay.
 * @throws AppError conflict when the file is another by now; denied, invalid, not_found, unavailable
 */
export async function saveContainerText(app: App, actor: Actor, id: string, input: z.output<typeof SaveContainerText>): Promise<{ path: string; state: string }> {
  const place = await findPlace(app, actor, id);
  const real = await realPath(app, place, pathIn(input.path));
  refuseUnwritable(place, real);
  const bytes = encode(withLineEnds(input.text, input.lineEnd), input.encoding, input.bom);
  if (isUnwritable(bytes)) throw new AppError('invalid', (t) => t.editor.errors.unwritable({ ...bytes, encoding: ENCODING_NAMES[input.encoding] }), { field: 'text' });
  if (bytes.length > TEXT_MOST) throw new AppError('invalid', (t) => t.editor.errors.tooLarge({ mib: TEXT_MOST >> 20 }), { field: 'text' });
  const before = await readIn(app, place, real);
  if (!before.head || stateOf(before.head, before.bytes) !== input.state) throw new AppError('conflict', (t) => t.containerFiles.errors.changed, { field: 'state' });
  const { mode, uid, gid } = before.head;
  const put = (what: Buffer, modified: number) => putIn(app, place, parentOf('posix', real), { name: baseOf('posix', real), type: 'file', size: what.length, mode, uid, gid, modified }, once(what));
  try {
    await put(bytes, app.clock.now());
  } catch (error) {
    record(app, actor, { action: 'containers.files.write', target: place.name, params: { path: real, size: bytes.length }, result: 'failed' });
    // The engine takes the old file away before it writes the new one: a full disk would leave a part of it.
    const now = await headOrNull(app, place, real).catch(() => before.head);
    if (now?.size !== before.bytes.length || now.modified !== before.head.modified) await put(before.bytes, before.head.modified).catch(() => {});
    throw error;
  }
  const head = await seen(app, place, real, bytes.length);
  record(app, actor, { action: 'containers.files.write', target: place.name, params: { path: real, size: bytes.length } });
  return { path: real, state: stateOf(head, bytes) };
}

async function* once(bytes: Buffer) {
  yield new Uint8Array(bytes);
}
