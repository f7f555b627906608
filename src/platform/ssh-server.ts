import { LINUX_LAYOUT, type ConfigLayout, type ConfigTexts } from './ssh-server/config.ts';
import { LINUX_FIELDS, type SshField, type SshSettings } from './ssh-server/settings.ts';

/** Somebody who may sign in to the machine, and how. */
export interface SshPerson {
  name: string;
  /** root, or in a group that sudo trusts; on Windows an administrator. */
  admin: boolean;
  root: boolean;
  keys: number;
  /** The account has a password that is not locked. */
  password: boolean;
  /** By the names that AllowGroups takes; none where those are not set from here. */
  groups: string[];
}

export interface SshHostKey {
  type: string;
  bits: number;
  fingerprint: string;
}

/** How the server is started: by itself, or by systemd when somebody connects to its socket. */
export interface SshService {
  kind: 'service' | 'socket' | 'other';
  /** "ssh.service", "ssh.socket", "/etc/init.d/ssh", "sshd" on Windows. */
  unit: string;
  active: boolean;
}

export interface SshServerFound {
  texts: ConfigTexts;
  /** `sshd -T`; null: sshd does not accept its own configuration, and `fault` says why. */
  effective: ReadonlyMap<string, readonly string[]> | null;
  fault: string;
  /** "OpenSSH_9.2p1 Debian-2+deb12u3". */
  version: string;
  service: SshService | null;
  hostKeys: SshHostKey[];
  people: SshPerson[];
  /** SELinux is enforcing: it lets sshd have only ports that carry its label. */
  selinux: boolean;
}

/**
 * Why there is nothing to set: no such server here, only root may, or this system has none that is understood. Of Windows: not
 * installed, never started, so that it has made no configuration yet, or only administrators may.
 */
export type SshServerAway = 'none' | 'rights' | 'system' | 'notInstalled' | 'notStarted' | 'notElevated';

export interface FileChange {
  path: string;
  /** null: it was not there, or it is taken away. */
  before: string | null;
  after: string | null;
}

type Argv = [string, ...string[]];

/** What is run when the files are written, and what is run when they are as before again. */
export interface SshServerCommands {
  apply: Argv[];
  revert: { run: Argv; mayFail?: true }[];
}

export interface SshServerDriver {
  readonly layout: ConfigLayout;
  /** What can be set here. */
  readonly fields: readonly SshField[];
  /** A new port is opened in the firewall by the change itself. */
  readonly opensPorts: boolean;
  read(): Promise<SshServerFound | SshServerAway>;
  /** What sshd would make of these texts, without touching those that are there. */
  check(texts: ConfigTexts): Promise<{ effective: ReadonlyMap<string, readonly string[]> } | { fault: string }>;
  /** Further files that belong to the change: the socket of systemd has the ports. */
  beside(service: SshService, wanted: SshSettings): FileChange[];
  /** What makes the server read its files anew; none while it does not run. */
  commands(service: SshService | null, from: SshSettings, to: SshSettings): Promise<SshServerCommands>;
  /** Writes the files and runs the commands. @throws AppError with what a tool said */
  apply(changes: readonly FileChange[], commands: readonly Argv[]): Promise<void>;
  /** Does an SSH server answer at this port of the machine? */
  answers(port: number, addresses: readonly string[]): Promise<boolean>;
  /** How often somebody came in and was sent away in the last 24 hours; null where that is not told quickly. */
  signIns(): Promise<{ accepted: number; refused: number } | null>;
}

export const NO_SSH_SERVER: SshServerDriver = {
  layout: LINUX_LAYOUT, fields: LINUX_FIELDS, opensPorts: false, read: async () => 'system', check: async () => ({ fault: '' }), beside: () => [], commands: async () => ({ apply: [], revert: [] }), apply: async () => {},
  answers: async () => false, signIns: async () => null,
};
