import type { Pty, PtyDriver, PtyExit, PtyOptions } from '../pty/pty.ts';
import type { Connection } from './connection.ts';
import { clampSize, type Size } from './frames.ts';
import { InputQueue } from './input.ts';
import { ModeTracker } from './modes.ts';
import type { Presence, RecordingState, TerminalSpec, TerminalState, ViewerHello } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { ByteRing } from './ring.ts';
import { cleanTitle, TitleReader } from './title.ts';
import { Viewer } from './viewer.ts';

/** What is kept of the output of a terminal. */
export const KEPT = 5 << 20;
/** Output of a busy program goes out so often, or when so much has come. */
const GATHER_MS = 8;
/** How long the last piece of it waits for more: a prompt after a flood is such a piece. */
const TAIL_MS = 2;
const GATHER_BYTES = 32 * 1024;
/** What goes out at once within that time: the echo of keys, a prompt, never a flood. */
const AT_ONCE = 4096;
/** After a key nothing waits for more for so long: what comes may be the answer, also in the middle of a flood. */
const ANSWER_MS = 20;
/**
 * The program is held when so much waits to be sent to the quickest viewer, and goes on when so little does. What is on its
 * way is bounded by the viewer's window; more would only delay what Ctrl C, or the echo of a key, has to say.
 */
const HOLD_ABOVE = 64 * 1024;
const RELEASE_BELOW = 16 * 1024;
/** A program that sets its title in a loop is not listened to so closely. */
const CHANGE_MS = 100;
/** Between two sizes, so that a program sees both and draws its screen for each. */
const REDRAW_MS = 60;
/** What was drawn anew a moment ago is in what is kept: whoever comes now sees it there. */
const REDRAW_AGAIN_MS = 1000;

export interface Surroundings {
  pty: PtyDriver;
  /** ms since 1970, and ms that never go back. */
  now(): number;
  passed(): number;
  onChange(): void;
  onRecorded(path: string, state: Exclude<RecordingState, 'on'>): void;
  onEnd(): void;
}

/** A shell, what it said, and who looks at it. It goes on whether anybody does or not. */
export class Terminal {
  readonly id: string;
  readonly modes = new ModeTracker();
  readonly ring = new ByteRing(KEPT, (bytes) => this.modes.scan(bytes));
  readonly viewers = new Set<Viewer>();
  readonly #titles = new TitleReader((title) => this.#setTitle(title));
  readonly #pty: Pty;
  readonly #input: InputQueue;
  readonly #createdAt: number;
  #recorder: Recorder | null = null;
  #title: string;
  #size: Size;
  #inputAt: number;
  /** When somebody last looked or typed, by the clock that never goes back. */
  #heededAt: number;
  /** When somebody last typed, by the same clock. */
  #typedAt = -Infinity;
  #outputAt: number;
  /** Offset up to which somebody who types has drawn everything. */
  #answered = 0;
  #exit: PtyExit | null = null;
  #endedAt = 0;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #changeTimer: ReturnType<typeof setTimeout> | null = null;
  #changedAt = -Infinity;
  #redrawTimer: ReturnType<typeof setTimeout> | null = null;
  #redrawnAt = -Infinity;
  /** Since when, and how many bytes, the current gathering counts. */
  #gatherAt = 0;
  #gathered = 0;
  #waiting = 0;

  /** @throws Error when the program cannot be started */
  constructor(
    spec: TerminalSpec,
    private readonly around: Surroundings,
  ) {
    this.id = spec.id;
    this.#title = cleanTitle(spec.title);
    this.#size = clampSize(spec);
    this.#createdAt = this.#inputAt = this.#outputAt = around.now();
    this.#heededAt = around.passed();
    if (spec.recordTo !== undefined) this.#recorder = this.#startRecording(spec.recordTo);
    this.#pty = this.#begin({
      argv: spec.argv, argv0: spec.argv0, cwd: spec.cwd, env: spec.env, ...this.#size,
      onOutput: (bytes) => this.#output(bytes),
      onDrain: () => this.#input.drained(),
      onExit: (exit) => this.#ended(exit),
    });
    this.#input = new InputQueue((bytes) => this.#pty.write(bytes));
  }

  #begin(options: PtyOptions): Pty {
    try {
      return this.around.pty(options);
    } catch (error) {
      this.#recorder?.stop();
      throw error;
    }
  }

  get exit() {
    return this.#exit;
  }

  /** ms for which it has been over, and nobody looked; null while it is not. */
  get leftFor(): number | null {
    return this.#exit && this.viewers.size === 0 ? this.around.passed() - this.#endedAt : null;
  }

  state(): TerminalState {
    return {
      id: this.id, pid: this.#pty.pid, ...this.#size, ...this.presence(),
      createdAt: this.#createdAt, inputAt: this.#inputAt, outputAt: this.#outputAt,
      quietMs: this.viewers.size > 0 ? 0 : Math.round(this.around.passed() - this.#heededAt),
      start: this.ring.start, end: this.ring.end,
      command: this.#exit ? '' : this.#pty.foreground(),
      exit: this.#exit,
    };
  }

  presence(): Presence {
    const viewers = [...this.viewers].map(({ name, readOnly }) => ({ name, readOnly }));
    return { title: this.#title, viewers, recording: this.#recorder?.state ?? 'off' };
  }

  attach(connection: Connection, hello: ViewerHello): Viewer {
    const viewer = new Viewer(this, connection, hello, () => this.around.passed());
    this.viewers.add(viewer);
    this.fit();
    viewer.begin({ ...this.presence(), ...this.#size, readOnly: viewer.readOnly, answered: this.#answered });
    this.#changed();
    return viewer;
  }

  detach(viewer: Viewer) {
    if (!this.viewers.delete(viewer)) return;
    this.#heededAt = this.around.passed();
    if (this.#exit) this.#endedAt = this.around.passed();
    this.fit();
    this.drawn();
    this.#changed();
  }

  /** @returns false when nothing was taken: it has ended, or its program does not read */
  input(bytes: Uint8Array): boolean {
    if (this.#exit) return false;
    this.#inputAt = this.around.now();
    this.#typedAt = this.#heededAt = this.around.passed();
    return this.#input.push(bytes);
  }

  /** As large as the smallest room among those who type; nobody's room changes nothing. */
  fit() {
    const rooms = [...this.viewers].flatMap((viewer) => (viewer.size && !viewer.readOnly ? [viewer.size] : []));
    if (rooms.length === 0) return;
    this.resize({ cols: Math.min(...rooms.map(({ cols }) => cols)), rows: Math.min(...rooms.map(({ rows }) => rows)) });
  }

  resize(wanted: Size): Size {
    const size = clampSize(wanted);
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return size;
    this.#size = size;
    if (!this.#exit) this.#pty.resize(size.cols, size.rows);
    this.#recorder?.size(size);
    for (const viewer of this.viewers) viewer.tellSize(size);
    return size;
  }

  /** Another size for a moment: the program draws its screen anew. */
  redraw() {
    const now = this.around.passed();
    if (this.#exit || this.#redrawTimer || now - this.#redrawnAt < REDRAW_AGAIN_MS) return;
    this.#redrawnAt = now;
    const { cols, rows } = this.#size;
    this.#pty.resize(cols, rows > 1 ? rows - 1 : rows + 1);
    this.#redrawTimer = setTimeout(() => {
      this.#redrawTimer = null;
      if (!this.#exit) this.#pty.resize(this.#size.cols, this.#size.rows);
    }, REDRAW_MS);
  }

  /** Ends the program and all that it started. */
  async kill() {
    if (!this.#exit) await this.#pty.kill();
  }

  /** @throws Error when the file cannot be made */
  record(path: string | null) {
    this.#recorder?.stop();
    this.#recorder = null;
    if (path !== null) this.#recorder = this.#startRecording(path);
    this.#changed();
  }

  #startRecording(path: string) {
    const on = {
      change: () => this.#changed(),
      written: () => this.drawn(),
      closed: (state: Exclude<RecordingState, 'on'>) => this.around.onRecorded(path, state),
    };
    return new Recorder(path, { ...this.#size, title: this.#title }, this.around, on);
  }

  /** Closes everything; the program is hung up on. */
  close() {
    for (const timer of [this.#timer, this.#changeTimer, this.#redrawTimer]) if (timer) clearTimeout(timer);
    this.#recorder?.stop();
    this.#pty.close();
    for (const viewer of this.viewers) viewer.end();
  }

  #output(bytes: Uint8Array) {
    this.#outputAt = this.around.now();
    this.ring.write(bytes);
    this.#titles.scan(bytes);
    this.#recorder?.output(bytes);
    this.#waiting += bytes.length;
    this.#gather(bytes.length);
    this.drawn();
  }

  /** Little goes out at once, much in pieces worth sending. */
  #gather(count: number) {
    const now = this.around.passed();
    if (now - this.#gatherAt >= GATHER_MS) {
      this.#gatherAt = now;
      this.#gathered = 0;
    }
    this.#gathered += count;
    const soon = this.#gathered <= AT_ONCE || now - this.#typedAt < ANSWER_MS;
    if (soon || this.#waiting >= GATHER_BYTES) return this.#flush();
    this.#timer ??= setTimeout(() => this.#flush(), TAIL_MS);
  }

  #flush() {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = 0;
    for (const viewer of this.viewers) viewer.pump();
  }

  /** Somebody who types has drawn everything before this offset, and what it asked of a screen is answered. */
  answered(offset: number) {
    this.#answered = Math.max(this.#answered, offset);
  }

  /** Somebody drew, came, went or fell asleep, or there is more: does the program have to wait? Never for who only looks. */
  drawn() {
    let front = -1;
    for (const viewer of this.viewers) if (viewer.awake && !viewer.readOnly) front = Math.max(front, viewer.sent);
    const behind = front < 0 ? 0 : this.ring.end - front;
    const slowDisk = this.#recorder?.behind ?? false;
    if (!this.#held && (behind > HOLD_ABOVE || slowDisk) && !this.#exit) this.#held = this.#pty.hold();
    else if (this.#held && behind < RELEASE_BELOW && !slowDisk) {
      this.#held = false;
      this.#pty.release();
    }
  }

  /** Call now and then: whether a viewer has fallen asleep, only time tells. */
  tick() {
    if (this.#held) this.drawn();
  }

  #setTitle(title: string) {
    if (title === this.#title || title === '') return;
    this.#title = title;
    const passed = this.around.passed() - this.#changedAt;
    if (passed >= CHANGE_MS) this.#changed();
    else this.#changeTimer ??= setTimeout(() => this.#changed(), CHANGE_MS - passed);
  }

  #changed() {
    if (this.#changeTimer) clearTimeout(this.#changeTimer);
    this.#changeTimer = null;
    this.#changedAt = this.around.passed();
    const presence = this.presence();
    for (const viewer of this.viewers) viewer.tellPresence(presence);
    this.around.onChange();
  }

  #ended(exit: PtyExit) {
    this.#exit = exit;
    this.#endedAt = this.around.passed();
    this.#recorder?.stop();
    this.#flush();
    this.around.onEnd();
  }
}
