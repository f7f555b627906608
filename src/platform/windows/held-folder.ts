import { dlopen, ptr } from 'bun:ffi';
import { descriptorOf, freeDescriptor, sddlOf } from './security.ts';

/** winternl.h, ntifs.h. Handles are as wide as a pointer; each call answers an NTSTATUS. */
const NT = {
  NtCreateFile: { args: ['ptr', 'u32', 'ptr', 'ptr', 'ptr', 'u32', 'u32', 'u32', 'u32', 'ptr', 'u32'], returns: 'u32' },
  NtQueryInformationFile: { args: ['u64', 'ptr', 'ptr', 'u32', 'u32'], returns: 'u32' },
  NtSetInformationFile: { args: ['u64', 'ptr', 'ptr', 'u32', 'u32'], returns: 'u32' },
  NtQuerySecurityObject: { args: ['u64', 'u32', 'ptr', 'u32', 'ptr'], returns: 'u32' },
  NtReadFile: { args: ['u64', 'u64', 'ptr', 'ptr', 'ptr', 'ptr', 'u32', 'ptr', 'ptr'], returns: 'u32' },
  NtWriteFile: { args: ['u64', 'u64', 'ptr', 'ptr', 'ptr', 'ptr', 'u32', 'ptr', 'ptr'], returns: 'u32' },
  NtFlushBuffersFile: { args: ['u64', 'ptr'], returns: 'u32' },
  NtClose: { args: ['u64'], returns: 'u32' },
} as const;

const load = () => dlopen('ntdll.dll', NT).symbols;
let opened: ReturnType<typeof load> | null = null;
const api = () => (opened ??= load());

const RIGHTS = { readControl: 0x2_0000, synchronize: 0x10_0000, delete: 0x1_0000, readData: 0x1, writeData: 0x2, readAttributes: 0x80, list: 0x1, traverse: 0x20 } as const;
const LOOK = RIGHTS.readAttributes | RIGHTS.readControl | RIGHTS.synchronize;
const SHARE = { all: 7, noDelete: 3 } as const;
const DISPOSITION = { open: 1, create: 2 } as const;
/** FILE_SYNCHRONOUS_IO_NONALERT, FILE_OPEN_REPARSE_POINT: a link is opened itself; FILE_COMPLETE_IF_OPLOCKED: nobody makes us wait for them. */
const OPTIONS = 0x20 | 0x20_0000 | 0x100;
const DIRECTORY = 0x1;
const NON_DIRECTORY = 0x40;
const CASE_INSENSITIVE = 0x40;
const REPARSE_POINT = 0x400;
const INFO = { basic: 4, standard: 5, rename: 10, disposition: 13 } as const;
const OWNER_AND_DACL = 0x1 | 0x4;

const STATUS = { oplockBreak: 0x108, endOfFile: 0xc000_0011, accessDenied: 0xc000_0022, nameNotFound: 0xc000_0034, pathNotFound: 0xc000_003a, sharing: 0xc000_0043, isDirectory: 0xc000_00ba, notDirectory: 0xc000_0103 } as const;
const failed = (status: number) => status >= 0xc000_0000 || status === STATUS.oplockBreak;

/** `link`: a link, a junction, or no file of the wanted kind; `denied`: not for this account, or somebody else has it open. */
export type HeldWhy = 'missing' | 'link' | 'denied' | 'other';
export class HeldError extends Error {
  constructor(readonly why: HeldWhy, what: string, readonly status: number) {
    super(`${what}: 0x${status.toString(16)}`);
  }
}

const WHY: Record<number, HeldWhy> = {
  [STATUS.nameNotFound]: 'missing', [STATUS.pathNotFound]: 'missing', [STATUS.isDirectory]: 'link', [STATUS.notDirectory]: 'link', [STATUS.accessDenied]: 'denied', [STATUS.sharing]: 'denied', [STATUS.oplockBreak]: 'denied',
};

/** A file as it was read: its text and its rights as SDDL; `links`: how many names it has. */
export interface HeldFile { bytes: Uint8Array; rights: string; links: number }

/**
 * A folder that is held open: what is asked of it is asked of this folder, whatever stands at its path by then, and a name in it
 * is never followed to somewhere else. While it is held nobody can rename or remove it.
 */
export interface HeldFolder {
  /** Owner and rights as SDDL. */
  rights(): string;
  /** @throws HeldError */
  folder(name: string): HeldFolder;
  /** @param rights as SDDL @throws HeldError where it is there already, too */
  makeFolder(name: string, rights: string): HeldFolder;
  /** @throws HeldError; also `link` for one that is longer than `most` bytes */
  read(name: string, most: number): HeldFile;
  /** Whole or not at all, with these rights from its first moment. @throws HeldError */
  write(name: string, bytes: Uint8Array, rights: string): void;
  close(): void;
}

interface Opening { root: bigint; name: string; access: number; share: number; disposition?: number; options: number; rights?: string }

/** @returns the handle */
function create({ root, name, access, share, disposition = DISPOSITION.open, options, rights }: Opening): bigint {
  const descriptor = rights === undefined ? 0n : descriptorOf(rights);
  const text = Buffer.from(name, 'utf16le');
  // OBJECT_ATTRIBUTES, UNICODE_STRING and its text in one: of what the call is given, all is there until it returns.
  const attributes = Buffer.alloc(48 + 16 + text.length);
  const at = BigInt(ptr(attributes));
  attributes.writeUInt16LE(text.length, 48);
  attributes.writeUInt16LE(text.length, 50);
  attributes.writeBigUInt64LE(at + 64n, 56);
  text.copy(attributes, 64);
  attributes.writeUInt32LE(48, 0);
  attributes.writeBigUInt64LE(root, 8);
  attributes.writeBigUInt64LE(at + 48n, 16);
  attributes.writeUInt32LE(CASE_INSENSITIVE, 24);
  attributes.writeBigUInt64LE(descriptor, 32);
  const handle = new BigUint64Array(1);
  const status = api().NtCreateFile(handle, access, attributes, new BigUint64Array(2), null, 0x80, share, disposition, options | OPTIONS, null, 0);
  if (descriptor) freeDescriptor(descriptor);
  // An opening that is done, but waits for somebody, has a handle.
  if (status === STATUS.oplockBreak) api().NtClose(handle[0]!);
  if (failed(status)) throw new HeldError(WHY[status] ?? 'other', name, status);
  return handle[0]!;
}

function query(handle: bigint, kind: number, size: number, what: string): Buffer {
  const found = Buffer.alloc(size);
  const status = api().NtQueryInformationFile(handle, new BigUint64Array(2), found, size, kind);
  if (failed(status)) throw new HeldError('other', what, status);
  return found;
}

function noLink(handle: bigint, name: string) {
  if (query(handle, INFO.basic, 40, name).readUInt32LE(32) & REPARSE_POINT) throw new HeldError('link', name, 0);
}

function rightsBy(handle: bigint, name: string): string {
  const descriptor = Buffer.alloc(65_536);
  const status = api().NtQuerySecurityObject(handle, OWNER_AND_DACL, descriptor, descriptor.length, new Uint32Array(1));
  const text = failed(status) ? null : sddlOf(BigInt(ptr(descriptor)));
  if (text === null) throw new HeldError('other', name, status);
  return text;
}

/** The handle is closed when the work ends, however it does. */
function using<T>(handle: bigint, work: (handle: bigint) => T): T {
  try {
    return work(handle);
  } finally {
    api().NtClose(handle);
  }
}

/** @param path of a drive of this machine: `C:\Users\lin` @throws HeldError */
export function holdFolder(path: string): HeldFolder {
  if (!/^[A-Za-z]:\\/.test(path)) throw new HeldError('other', path, 0);
  return held(openFolder(0n, `\\??\\${path}`), path);
}

function openFolder(root: bigint, name: string, more: { disposition?: number; rights?: string } = {}): bigint {
  const handle = create({ root, name, access: LOOK | RIGHTS.list | RIGHTS.traverse, share: SHARE.noDelete, options: DIRECTORY, ...more });
  try {
    noLink(handle, name);
    return handle;
  } catch (error) {
    api().NtClose(handle);
    throw error;
  }
}

function held(handle: bigint, path: string): HeldFolder {
  return {
    rights: () => rightsBy(handle, path),
    folder: (name) => held(openFolder(handle, name), name),
    makeFolder: (name, rights) => held(openFolder(handle, name, { disposition: DISPOSITION.create, rights }), name),
    read: (name, most) => using(create({ root: handle, name, access: LOOK | RIGHTS.readData, share: SHARE.all, options: NON_DIRECTORY }), (file) => {
      noLink(file, name);
      // FILE_STANDARD_INFORMATION
      const facts = query(file, INFO.standard, 24, name);
      const size = facts.readBigInt64LE(8);
      if (size > BigInt(most)) throw new HeldError('link', name, 0);
      return { bytes: readAll(file, name, Number(size)), rights: rightsBy(file, name), links: facts.readUInt32LE(16) };
    }),
    write(name, bytes, rights) {
      const part = `${name}.mantou-part`;
      discard(handle, part);
      using(create({ root: handle, name: part, access: LOOK | RIGHTS.writeData | RIGHTS.delete, share: 0, disposition: DISPOSITION.create, options: NON_DIRECTORY, rights }), (file) => {
        try {
          writeAll(file, name, bytes);
          rename(handle, file, name);
        } catch (error) {
          dispose(file);
          throw error;
        }
      });
    },
    close: () => void api().NtClose(handle),
  };
}

function readAll(file: bigint, name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  const status = size === 0 ? STATUS.endOfFile : api().NtReadFile(file, 0n, null, null, new BigUint64Array(2), bytes, size, null, null);
  if (failed(status) && status !== STATUS.endOfFile) throw new HeldError('other', name, status);
  return bytes;
}

function writeAll(file: bigint, name: string, bytes: Uint8Array) {
  const done = new BigUint64Array(2);
  const status = bytes.length === 0 ? 0 : api().NtWriteFile(file, 0n, null, null, done, Buffer.from(bytes), bytes.length, null, null);
  if (failed(status) || Number(done[1]) !== bytes.length) throw new HeldError('other', name, status);
  const flushed = api().NtFlushBuffersFile(file, new BigUint64Array(2));
  if (failed(flushed)) throw new HeldError('other', name, flushed);
}

/** FILE_RENAME_INFORMATION: into the folder that is held, over what has the name. */
function rename(folder: bigint, file: bigint, name: string) {
  const text = Buffer.from(name, 'utf16le');
  const info = Buffer.alloc(Math.max(24, 20 + text.length));
  info.writeUInt8(1, 0);
  info.writeBigUInt64LE(folder, 8);
  info.writeUInt32LE(text.length, 16);
  text.copy(info, 20);
  const status = api().NtSetInformationFile(file, new BigUint64Array(2), info, info.length, INFO.rename);
  if (failed(status)) throw new HeldError(WHY[status] ?? 'other', name, status);
}

const dispose = (file: bigint) => void api().NtSetInformationFile(file, new BigUint64Array(2), Buffer.from([1]), 1, INFO.disposition);

/** What an attempt that was cut off has left: the name goes, and of a link the link itself. */
function discard(folder: bigint, name: string) {
  try {
    using(create({ root: folder, name, access: RIGHTS.delete | RIGHTS.synchronize, share: SHARE.all, options: NON_DIRECTORY }), dispose);
  } catch (error) {
    if (!(error instanceof HeldError) || error.why !== 'missing') throw error;
  }
}
