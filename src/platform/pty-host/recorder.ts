import { closeSync, openSync, rmSync, write, writeSync } from 'node:fs';
import type { Size } from './frames.ts';
import type { RecordingState } from './protocol.ts';

/** Written so often: what is watched later need not be on the disk at once. */
const FLUSH_MS = 250;
/** One recording is not longer: a day of typing has a few MB. */
const BYTES_MOST = 256 << 20;
/** So much is written at once, also sooner. */
const FLUSH_AT = 256 * 1024;
/** The program waits for a disk that is so far behind; where it cannot be made to wait, the recording ends at the second. */
const BEHIND = 1 << 20;
const WAITING_MOST = 16 << 20;

/**
 * Writes what a terminal shows as asciicast v2 (docs.asciinema.org/manual/asciicast/v2): a line of JSON with its size, then one
 * for each piece of output or change of size, with the seconds since the beginning. Keys are not in it: passwords are keys.
 * A disk that takes no more ends the recording, never the terminal.
 */
export class Recorder {
  #file: number | null;
  #text = '';
  #bytes = 0;
  #writing = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #state: RecordingState = 'on';
  /** A file to close when the write that is under way is done. */
  #closing: number | null = null;
  readonly #decoder = new TextDecoder();
  readonly #began: number;

  /** @throws Error when the file exists or cannot be made */
  constructor(
    path: string,
    head: Size & { title: string },
    private readonly around: { now(): number; passed(): number },
    /** `closed`: nothing is written any more, and how it ended. */
    private readonly on: { change(): void; written(): void; closed(state: Exclude<RecordingState, 'on'>): void },
  ) {
    this.#began = around.passed();
    this.#file = openSync(path, 'wx', 0o600);
    const { cols: width, rows: height, title } = head;
    const line = { version: 2, width, height, timestamp: Math.floor(around.now() / 1000), title, env: { TERM: 'xterm-256color' } };
    try {
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
    } catch (error) {
      closeSync(this.#file);
      rmSync(path, { force: true });
      throw error;
    }
  }

  get state() {
    return this.#state;
  }

  get behind() {
    return this.#text.length > BEHIND;
  }

  output(bytes: Uint8Array) {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text) this.#event('o', text);
  }

  size({ cols, rows }: Size) {
    this.#event('r', `${cols}x${rows}`);
  }

  /** Writes what is left and lets the file go. */
  stop() {
    if (this.#file === null) return;
    const rest = this.#decoder.decode();
    if (rest) this.#event('o', rest);
    if (this.#timer) clearTimeout(this.#timer);
    const file = this.#file;
    this.#file = null;
    if (this.#state === 'on') this.#state = 'off';
    // A write that is under way comes first, and closes.
    if (this.#writing) this.#closing = file;
    else this.#finish(file);
  }

  #finish(file: number) {
    try {
      for (let rest = Buffer.from(this.#text); rest.length; ) rest = rest.subarray(writeSync(file, rest));
    } catch {
      // What has been written by now is whole up to its last line.
      this.#state = 'failed';
    }
    closeSync(file);
    this.on.closed(this.#state as Exclude<RecordingState, 'on'>);
  }

  #event(kind: 'o' | 'r', value: string) {
    if (this.#file === null || this.#state !== 'on') return;
    const seconds = Number(((this.around.passed() - this.#began) / 1000).toFixed(6));
    this.#text += `${JSON.stringify([seconds, kind, value])}\n`;
    if (this.#text.length > WAITING_MOST) return this.#give('failed');
    if (this.#text.length > FLUSH_AT) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush() {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#file === null || this.#writing || !this.#text) return;
    this.#writing = true;
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#send(bytes);
  }

  #send(bytes: Buffer) {
    const file = (this.#file ?? this.#closing)!;
    write(file, bytes, (error, written) => {
      if (error) return this.#wrote('failed');
      this.#bytes += written;
      if (written < bytes.length) return this.#send(bytes.subarray(written));
      this.#wrote(this.#bytes > BYTES_MOST ? 'full' : null);
    });
  }

  #wrote(ending: 'failed' | 'full' | null) {
    this.#writing = false;
    if (this.#closing !== null) {
      if (ending === 'failed') this.#state = ending;
      const file = this.#closing;
      this.#closing = null;
      return this.#finish(file);
    }
    if (ending) return this.#give(ending);
    if (this.#text.length > FLUSH_AT) this.#flush();
    else if (this.#text) this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
    this.on.written();
  }

  /** Ends the recording by itself. */
  #give(state: 'failed' | 'full') {
    this.#state = state;
    this.#text = '';
    this.stop();
    this.on.change();
  }
}
