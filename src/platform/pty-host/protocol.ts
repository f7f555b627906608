import type { PtyExit } from '../pty/pty.ts';
import type { Size } from './frames.ts';

/** Grows with every change that an older side would not understand: it is part of the socket's name. */
export const PROTOCOL = 2;

/** First words on every connection, and their answer (handshake.ts). */
export interface Greeting {
  nonce: string;
}
export interface Challenge {
  nonce: string;
  proof: string;
}
/** Without the right proof it is the last word. */
export type Hello = { proof: string } & ({ as: 'panel' } | ({ as: 'viewer' } & ViewerHello));

export interface ViewerHello {
  id: string;
  /** Where it had got to; null: everything that is kept. */
  from: number | null;
  /** What it has room for; null: it takes what there is. */
  size: Size | null;
  readOnly: boolean;
  /** Who looks, as others see them. */
  name: string;
}

/** What is started in a new terminal. */
export interface TerminalSpec extends Size {
  id: string;
  argv: readonly [string, ...string[]];
  argv0?: string | undefined;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The first title, until the program sets its own. */
  title: string;
  /** Recorded from its first byte into this file, which must not exist. */
  recordTo?: string | undefined;
}

/** What the panel asks, and what it gets. A refusal is `{ error: code }`. */
export interface HostCalls {
  list: { params: object; result: TerminalState[] };
  create: { params: TerminalSpec; result: TerminalState };
  /** Ends the program and everything it started; of one that has ended, what is kept. */
  kill: { params: { id: string }; result: object };
  resize: { params: { id: string } & Size; result: Size };
  /** As if it had been typed. `taken`: false when what was typed before still waits for the program, or it has ended. */
  input: { params: { id: string; base64: string }; result: { taken: boolean } };
  /** What is kept from `from` on, or from the oldest byte. `over`: the program has ended. */
  output: { params: { id: string; from: number; most: number }; result: { base64: string; from: number; start: number; end: number; over: boolean } };
  /** Begins to record into this file, which must not exist; null: ends. */
  record: { params: { id: string; path: string | null }; result: object };
}

export interface TerminalState extends Size {
  id: string;
  pid: number;
  title: string;
  createdAt: number;
  /** When somebody last typed. */
  inputAt: number;
  /** ms since somebody last looked or typed, by a clock that nobody sets; 0 while somebody looks. */
  quietMs: number;
  outputAt: number;
  /** Offset of the oldest byte that is kept, and of the next. */
  start: number;
  end: number;
  /** Name of what runs in the foreground; '' where the system does not tell. */
  command: string;
  viewers: { name: string; readOnly: boolean }[];
  exit: PtyExit | null;
  recording: RecordingState;
}

export type RecordingState = 'off' | 'on' | 'failed' | 'full';

/** What every viewer is told when it changes. */
export interface Presence {
  title: string;
  viewers: { name: string; readOnly: boolean }[];
  recording: RecordingState;
}

/** First to a viewer. */
export interface Attached extends Presence, Size {
  readOnly: boolean;
  /** Everything before this offset has been on the screen of somebody who types: what it asked of a screen has been answered. */
  answered: number;
}

export type HostEvent =
  | { kind: 'ended'; id: string; exit: PtyExit; title: string; start: number; end: number }
  /** Title, viewers or recording changed. */
  | { kind: 'changed'; id: string }
  /** A recording is over and its file closed: 'off' as it was told to, or because the program ended. */
  | { kind: 'recorded'; id: string; path: string; state: Exclude<RecordingState, 'on'> }
  /** Ended and forgotten. */
  | { kind: 'removed'; id: string };
