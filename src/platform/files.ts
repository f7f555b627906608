import type { Stats } from 'node:fs';

/**
 * What differs between operating systems about files. Paths are text as `lib/file-name.ts` makes it: absolute, with `/`
 * on Linux and macOS, `C:\…` on Windows. Reading and writing themselves are node:fs on what `pin` gives.
 */
export interface FilesDriver {
  readonly kind: 'posix' | 'windows';
  /** Opens a folder and holds it: what others rename or swap for a symlink meanwhile does not move it. Errors are node's. */
  pin(path: string): Promise<PinnedFolder>;
  /** Windows: the name that "MANTOU~1" (8.3) stands for in this folder; null when it is none, or nothing. A link stays itself. */
  longName?(folder: PinnedFolder, name: string): Promise<string | null>;
  /** Users and groups of the machine, for names of owners and for choosing new ones. */
  accounts(): Promise<Accounts>;
  /** File systems (Linux) or drives (Windows) that are there now. */
  volumes(): Promise<Volume[]>;
  /** Access lists; null: this system or the machine's tools have none. */
  readonly acl: AclDriver | null;
  /** `chattr +i` and the like; null: not on this system. */
  readonly attributes: AttributesDriver | null;
  /** What else a file carries, to be looked at; not on every system. */
  readonly extras?: ExtrasDriver;
  /**
   * Copies extended attributes, and with them access lists, between two things that are held open (`PinnedFile.at`, or a
   * path of a descriptor). `own: false`: the owner was not kept, so neither is what only the owner may hand on.
   * @returns names that the target's file system did not take
   */
  copyXattrs?(from: string, to: string, own: boolean): string[];
}

export interface PinnedFolder {
  /** Where it really is, without symlinks: what rights are checked against. */
  readonly real: string;
  /** What a system call takes for a child of it, or for the folder itself (''). Valid until `close`. */
  at(name: string): string | Buffer;
  /** Holds a child folder; a symlink there is refused (ENOTDIR or ELOOP), not followed. */
  child(name: string): Promise<PinnedFolder>;
  /**
   * Holds a folder some names further down, in one step where the system can tell that no symlink was on the way.
   * null: it is not there, or is to be reached by one `child` after the other.
   */
  below?(names: readonly string[]): Promise<PinnedFolder | null>;
  /** Holds a child of any kind without reading or waking it; 'follow' goes through symlinks, 'nofollow' takes the link itself. */
  open(name: string, links: 'follow' | 'nofollow'): Promise<PinnedFile>;
  close(): Promise<void>;
}

export interface PinnedFile {
  readonly real: string;
  readonly stats: Stats;
  /** What a system call takes; opening it again opens this very file. Valid until `close`. */
  readonly at: string;
  close(): Promise<void>;
}

export interface Account {
  id: number;
  name: string;
}

export interface Accounts {
  users: Account[];
  groups: Account[];
}

export interface Volume {
  /** Mount point, or `C:\`. */
  path: string;
  /** "ext4", "tmpfs", "NTFS" … */
  type: string;
  /** "/dev/sda1"; '' when unknown. */
  device: string;
  readOnly: boolean;
  /** Name that people gave it (Windows); missing when unknown. */
  label?: string;
}

/** POSIX.1e (getfacl/setfacl) or NTFS; core/files/acl says what the entries mean. */
export interface AclDriver {
  readonly kind: 'posix' | 'ntfs';
  /** The tool that is not there and would be needed; null when all is there. */
  missing(): string | null;
  /** Takes `at` of a PinnedFile. @returns null when the file system keeps none */
  read(at: string): Promise<Acl | null>;
  write(at: string, acl: Acl): Promise<void>;
  /** What will run, for "Show commands". */
  commands(path: string, acl: Acl): string[];
  /** What this account may do in the end, as names of rights (ntfs). */
  effective?(at: string, account: string): Promise<string[]>;
}

export interface Acl {
  owner: string;
  group: string;
  /** NTFS: entries of the folder above apply here. POSIX: always false. */
  inherits: boolean;
  /** NTFS, when written with `inherits` off: what was inherited stays as entries of its own. */
  keepInherited?: boolean;
  entries: AclEntry[];
}

export interface AclEntry {
  /** POSIX: user, group, mask, other. NTFS: allow, deny. */
  type: 'user' | 'group' | 'mask' | 'other' | 'allow' | 'deny';
  /** '' for the owner, the owning group, mask and other. */
  account: string;
  /** POSIX: of "r", "w", "x". NTFS: "FullControl", "Modify", "ReadAndExecute", "Read", "Write" … */
  rights: string[];
  /** POSIX: an entry of the default list, which new children get. */
  isDefault: boolean;
  /** NTFS: comes from a folder above, and is changed there. */
  inherited: boolean;
  /** NTFS: "ContainerInherit", "ObjectInherit", "InheritOnly", "NoPropagateInherit". */
  flags: string[];
}

/** Flags of an inode, of an entry in a folder that is held open: the tools refuse to follow a link, also one of /proc. */
export interface AttributesDriver {
  missing(): string | null;
  /** @returns null when the file system keeps none, or the kind of entry has none */
  read(folder: PinnedFolder, name: string): Promise<FileFlags | null>;
  set(folder: PinnedFolder, name: string, flags: FileFlags): Promise<void>;
  commands(path: string, flags: FileFlags): string[];
}

export interface FileFlags {
  immutable: boolean;
  appendOnly: boolean;
}

export interface ExtrasDriver {
  /** Tools that are not there; what they would tell is missing below. */
  missing(): string[];
  read(folder: PinnedFolder, name: string): Promise<Extras>;
}

export interface Extras {
  /** Extended attributes but access lists: "user.comment" → what it holds, as text where it is one. */
  xattrs: { name: string; value: string }[];
  /** capabilities(7) of an executable: "cap_net_bind_service=ep"; '' for none. */
  capabilities: string;
}
