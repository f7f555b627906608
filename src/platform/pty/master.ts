import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { Libc } from './libc.ts';

/** A program that floods is read so much, or so long, at a time: keys, sockets and other terminals are heard in between. */
const TURN_BYTES = 64 * 1024;
const TURN_MS = 1;
/** How soon it is tried again to give keys to a program that does not read, and how seldom in the end. */
const RETRY_LEAST_MS = 1;
const RETRY_MOST_MS = 32;
/** A read that has begun is over by then, or never will be. */
const SETTLED_MS = 1000;

/** What is read lies here until it has been handed on: one for all. */
let scratch: Uint8Array | undefined;

/**
 * The side of a pseudo-terminal that is a screen and a keyboard (pty(7)). Nothing is read while it is held: then the buffers
 * of the terminal fill, and the program waits at its next output. Nothing is lost by it, as it may be where a terminal is
 * stopped by tcflow(3): Linux's line discipline does not look at how much of CR LF such a one took.
 */
export class PtyMaster {
  /** Nobody else has the terminal open any longer, and everything was read; or it was closed. */
  readonly ended: Promise<void>;
  /** There is more to read than was read so far. */
  flooding = false;
  #closed = false;
  #numberClosed = false;
  /** While something waits for the first byte of what comes next. */
  #waiting = false;
  #held: PromiseWithResolvers<void> | null = null;
  /** Keys that the program has not taken yet. */
  #unwritten: Uint8Array[] = [];
  #retryMs = RETRY_LEAST_MS;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #drainTold = false;

  /** @param fd becomes this object's own. The bytes given to `output` are only lent. */
  constructor(
    private readonly libc: Libc,
    private readonly fd: number,
    private readonly on: { output(bytes: Uint8Array): void; drain(): void },
  ) {
    libc.neverWait(fd);
    this.ended = this.#readAll().then(() => {
      this.close();
      this.#closeNumber();
    });
  }

  async #readAll() {
    for (;;) {
      const first = this.flooding ? null : await this.#firstByte();
      if (first?.length === 0) return;
      while (this.#held) await this.#held.promise;
      if (this.#closed) return;
      const read = this.#turn(first);
      if (read.length > 0) this.on.output(read);
      if (this.flooding) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Bun tells when there is something to read by reading some of it: one byte, so that the rest is read as it suits us. */
  async #firstByte(): Promise<Uint8Array> {
    this.#waiting = true;
    try {
      return await Bun.file(this.fd).slice(0, 1).bytes();
    } catch {
      // EIO: the other side is closed.
      return new Uint8Array();
    } finally {
      this.#waiting = false;
    }
  }

  #turn(first: Uint8Array | null): Uint8Array {
    scratch ??= new Uint8Array(TURN_BYTES);
    let length = 0;
    if (first) scratch.set(first, length++);
    const until = performance.now() + TURN_MS;
    do {
      const count = this.libc.read(this.fd, scratch, length);
      this.flooding = count > 0;
      if (!this.flooding) break;
      length += count;
    } while (length < TURN_BYTES && performance.now() < until);
    return scratch.subarray(0, length);
  }

  hold() {
    this.#held ??= Promise.withResolvers();
  }

  release() {
    this.#held?.resolve();
    this.#held = null;
  }

  /** Any amount; `drain` is told, later, when all of it was taken. */
  write(bytes: Uint8Array) {
    if (this.#closed) return;
    if (this.#unwritten.length > 0) return void this.#unwritten.push(Uint8Array.from(bytes));
    const taken = this.#give(bytes);
    if (taken === bytes.length) return this.#tellDrain();
    this.#unwritten.push(Uint8Array.from(bytes.subarray(taken)));
    this.#writeLater();
  }

  /** @returns how many bytes were taken: what will never be counts as taken */
  #give(bytes: Uint8Array): number {
    try {
      return writeSync(this.fd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : bytes.length;
    }
  }

  #writeLater() {
    this.#retry = setTimeout(() => {
      const before = this.#unwritten.length;
      for (let first; (first = this.#unwritten[0]); this.#unwritten.shift()) {
        const taken = this.#give(first);
        if (taken === first.length) continue;
        if (taken > 0) this.#unwritten[0] = first.subarray(taken);
        this.#retryMs = taken > 0 || this.#unwritten.length < before ? RETRY_LEAST_MS : Math.min(this.#retryMs * 2, RETRY_MOST_MS);
        return this.#writeLater();
      }
      this.#retryMs = RETRY_LEAST_MS;
      this.#tellDrain();
    }, this.#retryMs);
  }

  #tellDrain() {
    if (this.#drainTold) return;
    this.#drainTold = true;
    queueMicrotask(() => {
      this.#drainTold = false;
      if (this.#unwritten.length === 0) this.on.drain();
    });
  }

  resize(cols: number, rows: number) {
    if (!this.#closed) this.libc.setSize(this.fd, cols, rows);
  }

  /** Gives the terminal up: the system hangs up on who still has it open. What was not read is forgotten. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#unwritten = [];
    this.release();
    // The number must not become another file's while somebody waits to read from it.
    const nothing = openSync('/dev/null', constants.O_RDONLY);
    this.libc.replace(nothing, this.fd);
    closeSync(nothing);
    if (this.#waiting) setTimeout(() => this.#closeNumber(), SETTLED_MS);
  }

  #closeNumber() {
    if (this.#numberClosed) return;
    this.#numberClosed = true;
    closeSync(this.fd);
  }
}
