import { AppError } from '../../lib/errors.ts';
import { wholeSequences, withoutEscapes } from '../../lib/escape-sequences.ts';
import { firstCharacter, wholeCharacters } from '../../lib/utf8.ts';
import { FRAME } from '../../platform/pty-host/frames.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { joinByCalls, notFound } from './terminals.ts';

/** What programs do with a terminal that draw no screen: read its output as text, and type. */

/** The byte of type that begins each message of a terminal's WebSocket, as a letter. */
export const frameLetter = (name: keyof typeof FRAME): string => String.fromCharCode(FRAME[name]);

/** Bytes of one answer. */
export const OUTPUT_MOST = 256 * 1024;
export const OUTPUT_LEAST = 1024;
/** Characters that are typed at once. */
export const INPUT_MOST = 64 * 1024;

export interface OutputPiece {
  text: string;
  /** Byte to go on from. */
  next: number;
  /** Oldest byte that is kept, and the one after the newest. */
  start: number;
  end: number;
}

interface Wanted {
  /** Byte to begin at; what is forgotten is passed over. */
  offset: number;
  limit: number;
  /** Without escape sequences and control characters. */
  plain: boolean;
}

/**
 * A piece of the output of a terminal. Whoever goes on from `next` gets every character once, whole; bytes that are no
 * UTF-8 become U+FFFD. What may be the beginning of a character, or in plain text of an escape sequence, comes when the
 * rest of it is there.
 * @throws AppError denied, not_found (also when it has ended and is forgotten)
 */
export async function readOutput(app: App, actor: Actor, id: string, { offset, limit, plain }: Wanted): Promise<OutputPiece> {
  joinByCalls(app, actor, id);
  const found = await app.terminals.ask('output', { id, from: offset, most: limit }).catch(notFound);
  if (!found) throw new AppError('not_found', (t) => t.terminal.notFound);
  const { base64, from, start, end, over } = found;
  const bytes = Buffer.from(base64, 'base64');
  const skip = from === 0 ? 0 : firstCharacter(bytes);
  // Nothing more comes after the end of the program.
  const last = over && from + bytes.length === end;
  const whole = last ? bytes : plain ? wholeSequences(wholeCharacters(bytes)) : wholeCharacters(bytes);
  // A sequence that fills the whole piece would be waited for without end.
  const used = whole.length > skip || bytes.length < limit ? whole : wholeCharacters(bytes);
  const text = used.subarray(Math.min(skip, used.length)).toString('utf8');
  return { text: plain ? withoutEscapes(text) : text, next: from + used.length, start, end };
}

/** As if it had been typed. @throws AppError denied, not_found, conflict (it has ended), unavailable (nobody reads it) */
export async function typeInput(app: App, actor: Actor, id: string, text: string): Promise<void> {
  need(actor, 'terminal.open');
  if (joinByCalls(app, actor, id).state !== 'running') throw new AppError('conflict', (t) => t.terminal.notFound);
  const answer = await app.terminals.ask('input', { id, base64: Buffer.from(text).toString('base64') }).catch(notFound);
  if (!answer) throw new AppError('not_found', (t) => t.terminal.notFound);
  if (!answer.taken) throw new AppError('unavailable', (t) => t.terminalDocs.inputFull, { retryAfter: 1 });
}
