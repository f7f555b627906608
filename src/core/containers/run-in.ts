import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { askDocker, streamDocker, type DockerApp } from '../docker/ask.ts';
import { inShell } from './exec-end.ts';
import { createFrameReader, type LogFrame } from './log-frames.ts';

const Made = z.object({ Id: z.string() });
const Ended = z.object({ ExitCode: z.number().nullable() });

/** Folders of the system, so that nothing is run that the container's own user may have put somewhere; and names are bytes. */
const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'LANG=C', 'QUOTING_STYLE=literal', 'ENV=', 'BASH_ENV='];

export interface Running {
  /** What it writes, as it comes; whoever stops reading hears no more of it, and it goes on until it writes again. */
  frames: AsyncGenerator<LogFrame>;
  /** Its exit code, when `frames` has ended; 126 and 127: there is no such program. */
  code(): Promise<number>;
}

/**
 * Runs a line of ours in a container, by its own shell and as root. Values are further words, never a part of the line.
 * @throws AppError not_found, conflict (it does not run), unavailable
 */
export async function runIn(app: DockerApp, id: string, line: string, words: readonly string[], signal?: AbortSignal): Promise<Running> {
  const body = { Cmd: inShell(line, 'mantou', ...words), User: '0', WorkingDir: '/', Env: ENVIRONMENT, AttachStdout: true, AttachStderr: true };
  const { Id } = await askDocker(app, { method: 'POST', path: `/containers/${id}/exec`, body }, Made);
  let stream;
  try {
    stream = await streamDocker(app, { method: 'POST', path: `/exec/${Id}/start`, body: { Detach: false, Tty: false }, ...(signal ? { signal } : {}) });
  } catch (error) {
    // Engines since 25 say at once that there is no such program, earlier ones by its exit code.
    if (error instanceof AppError && error.code === 'invalid') return { frames: nothing(), code: async () => 127 };
    throw error;
  }
  const read = createFrameReader(false);
  async function* frames() {
    for await (const bytes of stream!) yield* read(bytes);
  }
  return { frames: frames(), code: async () => (await askDocker(app, { path: `/exec/${Id}/json` }, Ended)).ExitCode ?? -1 };
}

async function* nothing(): AsyncGenerator<LogFrame> {}

export interface Ran {
  code: number;
  out: Buffer;
  err: string;
  /** There was more. */
  cut: boolean;
}

/** Words of a program's complaints that anybody reads. */
const COMPLAINTS_MOST = 4096;

/** The same, to its end. @param most bytes that are kept */
export async function ranIn(app: DockerApp, id: string, line: string, words: readonly string[], { most = 1 << 20, timeout = 20_000 } = {}): Promise<Ran> {
  const late = AbortSignal.timeout(timeout);
  const { frames, code } = await runIn(app, id, line, words, late);
  const out: Buffer[] = [];
  let size = 0;
  let err = '';
  let cut = false;
  for await (const { stream, bytes } of frames) {
    if (stream === 'stderr') err = (err + bytes.toString()).slice(0, COMPLAINTS_MOST);
    else if (size < most) out.push(Buffer.from(bytes.subarray(0, most - size)));
    if (stream === 'stdout') size += bytes.length;
    cut ||= size > most;
    if (cut) break;
  }
  if (late.aborted) throw new AppError('unavailable', (t) => t.containerFiles.errors.slow);
  return { code: cut ? 0 : await code(), out: Buffer.concat(out), err: err.trim(), cut };
}

/** A word that names bytes, for `printf %b`: neither quotes nor bytes that are no text are left in it, and JSON carries it. */
export const spelled = (name: string | Buffer): string =>
  [...Buffer.from(name as string)].map((byte) => (/[\w./-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`)).join('');

/** Puts the bytes of such a word into a variable, also a line feed at its end. */
export const unspell = (variable: string, word: number) => `${variable}=$(printf '%b.' "$${word}"); ${variable}=\${${variable}%.}`;
