import { dlopen, read, toArrayBuffer, type Pointer } from 'bun:ffi';
import { parse } from 'node:path';
import { wide } from './words.ts';

const ADVAPI = {
  GetNamedSecurityInfoW: { args: ['ptr', 'u32', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'u32' },
  ConvertSecurityDescriptorToStringSecurityDescriptorW: { args: ['u64', 'u32', 'u32', 'ptr', 'ptr'], returns: 'i32' },
  ConvertStringSecurityDescriptorToSecurityDescriptorW: { args: ['ptr', 'u32', 'ptr', 'ptr'], returns: 'i32' },
  ConvertSidToStringSidW: { args: ['u64', 'ptr'], returns: 'i32' },
  OpenProcessToken: { args: ['u64', 'u32', 'ptr'], returns: 'i32' },
  GetTokenInformation: { args: ['u64', 'u32', 'ptr', 'u32', 'ptr'], returns: 'i32' },
} as const;
const KERNEL = {
  GetCurrentProcess: { args: [], returns: 'u64' },
  CreateDirectoryW: { args: ['ptr', 'ptr'], returns: 'i32' },
  GetVolumeInformationW: { args: ['ptr', 'ptr', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'u32'], returns: 'i32' },
  LocalFree: { args: ['u64'], returns: 'u64' },
  CloseHandle: { args: ['u64'], returns: 'i32' },
  GetLastError: { args: [], returns: 'u32' },
} as const;

// accctrl.h, winnt.h
const FILE_OBJECT = 1;
const OWNER_AND_DACL = 0x1 | 0x4;
const TOKEN_QUERY = 0x8;
const TOKEN_USER = 1;
const TOKEN_ELEVATION = 20;
const PERSISTENT_ACLS = 0x8;
const ERROR_ALREADY_EXISTS = 183;

/** Text at an address, which is given back to Windows. */
function take(api: ReturnType<typeof open>, address: bigint): string {
  let end = 0;
  const at = Number(address) as Pointer;
  while (read.u16(at, end) !== 0) end += 2;
  const text = Buffer.from(toArrayBuffer(at, 0, end || 2)).subarray(0, end).toString('utf16le');
  api.LocalFree(address);
  return text;
}

const load = () => ({ ...dlopen('advapi32.dll', ADVAPI).symbols, ...dlopen('kernel32.dll', KERNEL).symbols });
let opened: ReturnType<typeof load> | null = null;
const open = () => (opened ??= load());

function withToken<T>(api: ReturnType<typeof open>, work: (token: bigint) => T): T | null {
  const token = new BigUint64Array(1);
  if (!api.OpenProcessToken(api.GetCurrentProcess(), TOKEN_QUERY, token)) return null;
  try {
    return work(token[0]!);
  } finally {
    api.CloseHandle(token[0]!);
  }
}

/** Does this process have the rights of an administrator? */
export function isElevated(): boolean {
  const api = open();
  const elevated = new Uint32Array(1);
  return withToken(api, (token) => api.GetTokenInformation(token, TOKEN_ELEVATION, elevated, 4, new Uint32Array(1)) !== 0 && elevated[0] !== 0) ?? false;
}

/** SID of the account that this process runs as: "S-1-5-21-…-1001". */
export function ownSid(): string | null {
  const api = open();
  return withToken(api, (token) => {
    // TOKEN_USER: a pointer to the SID, which lies behind it.
    const info = new Uint8Array(256);
    if (!api.GetTokenInformation(token, TOKEN_USER, info, info.length, new Uint32Array(1))) return null;
    const text = new BigUint64Array(1);
    const sid = new BigUint64Array(info.buffer, 0, 1)[0]!;
    return api.ConvertSidToStringSidW(sid, text) ? take(api, text[0]!) : null;
  });
}

/** Owner and rights as Windows writes them down (SDDL): `O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)`. null: they are not to be read. */
export function rightsOf(path: string): string | null {
  const api = open();
  const descriptor = new BigUint64Array(1);
  if (api.GetNamedSecurityInfoW(wide(path), FILE_OBJECT, OWNER_AND_DACL, null, null, null, null, descriptor) !== 0) return null;
  const text = sddlOf(descriptor[0]!);
  api.LocalFree(descriptor[0]!);
  return text;
}

/** The same of a descriptor at this address. */
export function sddlOf(descriptor: bigint): string | null {
  const api = open();
  const text = new BigUint64Array(1);
  return api.ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, 1, OWNER_AND_DACL, text, null) ? take(api, text[0]!) : null;
}

/** A descriptor of what is written down, to be given back by `freeDescriptor`. @throws Error with the number that Windows gave */
export function descriptorOf(sddl: string): bigint {
  const api = open();
  const descriptor = new BigUint64Array(1);
  if (!api.ConvertStringSecurityDescriptorToSecurityDescriptorW(wide(sddl), 1, descriptor, null)) throw new Error(`Windows error ${api.GetLastError()}`);
  return descriptor[0]!;
}

export const freeDescriptor = (descriptor: bigint) => void open().LocalFree(descriptor);

/** Does the file system keep rights at all? FAT, on sticks, does not. */
export function keepsRights(path: string): boolean {
  const flags = new Uint32Array(1);
  return open().GetVolumeInformationW(wide(parse(path).root), null, 0, null, null, flags, null, 0) === 0 || (flags[0]! & PERSISTENT_ACLS) !== 0;
}

/**
 * Makes a folder that has these rights from its first moment: between making it and closing it, others could put something in.
 * @returns false when it is there already @throws Error with the number that Windows gave
 */
export function makeFolder(path: string, sddl: string): boolean {
  const api = open();
  const descriptor = descriptorOf(sddl);
  try {
    // SECURITY_ATTRIBUTES: its own length, the descriptor, and that nobody inherits the handle.
    const attributes = new BigUint64Array([24n, descriptor, 0n]);
    if (api.CreateDirectoryW(wide(path), attributes)) return true;
    const code = api.GetLastError();
    if (code === ERROR_ALREADY_EXISTS) return false;
    throw new Error(`Windows error ${code}`);
  } finally {
    freeDescriptor(descriptor);
  }
}
