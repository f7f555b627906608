import type { Say } from '../lib/errors.ts';
import type { Plan } from './plan.ts';

export const PACKAGE_TOOLS = ['apt', 'dnf', 'winget', 'windows-update'] as const;
export type PackageTool = (typeof PACKAGE_TOOLS)[number];

/**
 * Why it is not installed with the others. `held`: somebody holds it; `kept`: it would take another package away; `optional`: it is
 * offered to who wants it; `cut`: the tool printed its name shortened, so nothing can be asked of it.
 */
export const STAYS = ['held', 'kept', 'optional', 'cut'] as const;
export type Stays = (typeof STAYS)[number];

/** A newer version of something that is installed. */
export interface PackageUpdate {
  /** What the tool knows it by; of Windows Update a GUID. */
  name: string;
  /** For people, where the name is not. */
  title: string | null;
  arch: string;
  from: string;
  to: string;
  security: boolean;
  /** Where it comes from: "Debian-Security:12/stable-security", "updates". */
  origin: string;
  /** Bytes to fetch; null: not told. */
  size: number | null;
  stays: Stays | null;
}

export interface PackageUpdates {
  updates: PackageUpdate[];
  /** Further packages that these bring with them. */
  fresh: string[];
  /** All that is held, also what has no newer version. */
  held: string[];
  /** When the lists were last fetched, ms since 1970; null: never, or not told. */
  refreshedAt: number | null;
  /** An installation was cut off: what is half done, in the tool's words. Nothing else can be installed before that is settled. */
  interrupted: string | null;
  /** Somebody else installs right now. */
  busy: boolean;
  /** Those that are installed by themselves; null: this machine cannot. */
  automatic: AutomaticUpdates | null;
  /** What could not be asked: it is missing, or not known. */
  unread: UnreadPackages[];
}

/** The updates themselves, which of them are for security, or what is held. */
export const UNREAD = ['updates', 'security', 'holds'] as const;

export interface UnreadPackages {
  tool: PackageTool;
  what: (typeof UNREAD)[number];
  why: Say;
  /** Its last words. */
  detail: string | null;
}

export interface AutomaticUpdates {
  /** The program that does it. */
  name: string;
  installed: boolean;
  on: boolean;
  /** Where that is written down. */
  path: string;
}

export type PackageChange =
  | { kind: 'refresh' }
  | { kind: 'upgrade'; which: 'all' | 'security' | 'chosen'; names: readonly string[] }
  /** "a | b", of apt alone: the first that there is. `service` runs from then on. */
  | { kind: 'install'; names: readonly string[]; service?: string }
  | { kind: 'repair' }
  | { kind: 'hold'; name: string; to: boolean }
  | { kind: 'automatic'; to: boolean };

export interface PackageRun {
  /** With the reason `stop` the panel stops: what can go on without it does. */
  signal: AbortSignal;
  onOutput(text: string): void;
}

export interface PackagesDriver {
  readonly tool: PackageTool | null;
  /** Null when packages can be looked at here; else why not. */
  refusal(): Say | null;
  /** Null when they can be changed; else why not. */
  changeRefusal(): Say | null;
  /** @throws AppError with the tool's last lines */
  list(): Promise<PackageUpdates>;
  /** What will run, shown before it runs; with files that are written. */
  plan(change: PackageChange): Promise<Plan>;
  /** Ends with all that it started when the signal aborts. @throws AppError with the tool's last lines */
  run(change: PackageChange, run: PackageRun): Promise<void>;
  /** What a panel that is gone began and was not ended by that: follows it to its end. Null: nothing. */
  left(): ((run: PackageRun) => Promise<void>) | null;
  /** What changed in a version, as its makers tell it; null: this tool does not tell. */
  changelog(name: string): Promise<string | null>;
}
