import type { Say } from '../lib/errors.ts';
import type { FileChange } from './plan.ts';

/** Accounts of Windows are known by a SID and have no shell; those of Unix by a number, and have one. */
export type AccountSystem = 'unix' | 'windows';

/** An account of the machine itself: not one of the panel. */
export interface HostAccount {
  name: string;
  /** null on Windows, as are the next two. */
  uid: number | null;
  gid: number | null;
  /** Name of its own group; the number where that has none. */
  group: string | null;
  /** Further groups, by name. */
  groups: string[];
  /** Of Windows: "S-1-5-21-…-1001". */
  sid: string | null;
  fullName: string;
  /** '' while there is none: Windows makes it at the first sign-in. */
  home: string;
  /** null on Windows. */
  shell: string | null;
  /** Its shell lets somebody in; on Windows every account does. */
  shellWorks: boolean;
  /** Made by the system or by a package, for a program. */
  system: boolean;
  /** root, or the Administrator that Windows comes with: it cannot be deleted. */
  builtIn: boolean;
  /** Of Windows, where being locked is no matter of time. */
  disabled: boolean;
  /** `locked`: there is none that fits; `empty`: anybody knows it. null: not readable by the account of the panel. */
  password: 'set' | 'locked' | 'empty' | null;
  /** ms since 1970; null: never, or not told. */
  passwordSetAt: number | null;
  /** When the account ends or ended, ms since 1970; null: never, or not readable. */
  expiresAt: number | null;
  /** How it becomes root; null: not at all. */
  admin: 'root' | 'group' | 'sudoers' | null;
  /** Whether Remote Desktop lets it in; null where there is none. */
  remoteDesktop: boolean | null;
  lastSignIn: SignIn | null;
}

export interface SignIn {
  /** ms since 1970. */
  at: number;
  /** "pts/0", "tty1"; on Windows "console", "rdp" or "cached", '' where it is not told. */
  line: string;
  /** Address or name of the other side; '' for this machine itself. */
  from: string;
}

export interface HostGroup {
  name: string;
  /** null on Windows. */
  gid: number | null;
  sid: string | null;
  /** Those whose own group it is, and those who were added. */
  members: string[];
  system: boolean;
}

export interface HostAccounts {
  accounts: HostAccount[];
  groups: HostGroup[];
  /** Members of it become root: "sudo" (Debian), "wheel" (Fedora, Arch), "Administrators" in the language of Windows; null: this machine has none. */
  adminGroup: string | null;
  /** Shells that may be chosen; none on Windows. */
  shells: string[];
  /** The account that the panel runs as; null: none of these. */
  own: string | null;
  /** What cannot be read without root is null in the rows. */
  whole: boolean;
}

export interface AuthorizedKey {
  /** From 1: its line in the file. */
  line: number;
  type: string;
  bits: number | null;
  /** "SHA256:…", as ssh-keygen tells it. */
  fingerprint: string;
  comment: string;
  /** What stands before the key: `from="10.0.0.0/8",command="…"`. */
  options: string;
}

export interface AuthorizedKeys {
  path: string;
  keys: AuthorizedKey[];
  /** Lines that are no key and no comment. */
  strange: number;
  /** Why it is not touched; null: it can be changed. */
  refusal: Say | null;
  /** The file is that of all administrators, as OpenSSH of Windows has it. */
  shared: boolean;
  /** Who else may write to the file, as Windows names them: sshd takes no key from it then. */
  openTo: string[];
}

export type AccountChange =
  | { kind: 'create'; name: string; fullName: string; /** '' on Windows. */ shell: string; admin: boolean }
  | { kind: 'remove'; name: string; home: boolean }
  | { kind: 'lock' | 'unlock'; name: string }
  /** The secret goes by standard input. */
  | { kind: 'password'; name: string }
  | { kind: 'admin'; name: string; to: boolean };

/** A line of a file of keys, or the fingerprint of those that go. */
export type KeyChange = { add: string } | { remove: string };

export interface AccountsDriver {
  readonly system: AccountSystem;
  /** Null when accounts can be changed from here; else why not. */
  refusal(): Say | null;
  /** @throws AppError unsupported where this system's accounts cannot be read */
  list(): Promise<HostAccounts>;
  /** The last `most` times somebody came in, newest first. */
  signIns(name: string, most: number): Promise<SignIn[]>;
  /** What will run, shown before it runs. */
  commands(change: AccountChange): Promise<string[]>;
  /** @throws AppError with the tool's last lines */
  change(change: AccountChange, secret?: string): Promise<void>;
  keys(account: HostAccount): Promise<AuthorizedKeys>;
  /** What becomes of its file. @throws AppError unsupported with the reason */
  planKeys(account: HostAccount, change: KeyChange): Promise<FileChange>;
  /** Whole or not at all. @throws AppError unsupported with the reason, not_found when there is nothing to change */
  changeKeys(account: HostAccount, change: KeyChange): Promise<void>;
}
