/** A program on a pseudo-terminal. */
export interface Pty {
  readonly pid: number;
  /** Takes any amount at once; `onDrain` says when the program has been given all of it. */
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /**
   * Stops the program at its next output, and lets it go on: what it has said and nobody has read must not pile up.
   * @returns false where the system cannot do it (Windows): then it is the reader's to forget the oldest
   */
  hold(): boolean;
  release(): void;
  /** Name of what has the keyboard; '' where the system does not tell. */
  foreground(): string;
  /** Ends the program and everything it started: asks first, and does not ask after two seconds. */
  kill(): Promise<void>;
  /** Gives the terminal up: the system hangs up on what still runs in it. */
  close(): void;
}

export interface PtyOptions {
  /** Absolute path and arguments. */
  argv: readonly [string, ...string[]];
  /** What the program sees as its own name: `-bash` for a login shell. */
  argv0?: string | undefined;
  cwd: string;
  /** The whole environment, nothing of the panel's. */
  env: Readonly<Record<string, string>>;
  cols: number;
  rows: number;
  /** The bytes are only lent: they are copied or gone when this returns. */
  onOutput(bytes: Uint8Array): void;
  onDrain(): void;
  /** The program has ended, and everything it said has been given to `onOutput`. */
  onExit(exit: PtyExit): void;
}

export interface PtyExit {
  code: number | null;
  signal: string | null;
}

/** @throws Error with `code` ENOENT, EACCES, EAGAIN … when the program cannot be started */
export type PtyDriver = (options: PtyOptions) => Pty;
