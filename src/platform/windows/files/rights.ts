/**
 * Masks of FileSystemRights (.NET, winnt.h) as names and back. The five that people know come first and swallow the bits
 * they are made of; what is left is named bit by bit, so that no right is lost between reading and writing.
 */
const NAMED: readonly [string, number][] = [
  ['FullControl', 0x1f01ff],
  ['Modify', 0x0301bf],
  ['ReadAndExecute', 0x0200a9],
  ['Read', 0x020089],
  ['Write', 0x000116],
  ['ReadData', 0x1],
  ['WriteData', 0x2],
  ['AppendData', 0x4],
  ['ReadExtendedAttributes', 0x8],
  ['WriteExtendedAttributes', 0x10],
  ['ExecuteFile', 0x20],
  ['DeleteSubdirectoriesAndFiles', 0x40],
  ['ReadAttributes', 0x80],
  ['WriteAttributes', 0x100],
  ['Delete', 0x10000],
  ['ReadPermissions', 0x20000],
  ['ChangePermissions', 0x40000],
  ['TakeOwnership', 0x80000],
];

/** Waiting for a handle: part of every entry, which nobody chooses. */
const SYNCHRONIZE = 0x100000;

/** winnt.h GENERIC_…, which entries of CREATOR OWNER have: file objects read them like this. */
const GENERIC: readonly [number, number][] = [[0x10000000, 0x1f01ff], [0x80000000, 0x120089], [0x40000000, 0x120116], [0x20000000, 0x1200a0]];

export const RIGHT_NAMES: readonly string[] = NAMED.map(([name]) => name);
export const BASIC_RIGHTS = ['FullControl', 'Modify', 'ReadAndExecute', 'Read', 'Write'] as const;

/** 0x1301bf → ["Modify"] */
export function rightsOf(mask: number): string[] {
  let bits = mask >>> 0;
  for (const [generic, meant] of GENERIC) if (hasBits(bits, generic)) bits = ((bits & ~generic) | meant) >>> 0;
  const names: string[] = [];
  let left = bits & ~SYNCHRONIZE;
  for (const [name, value] of NAMED) {
    const own = value & ~SYNCHRONIZE;
    // A name that says nothing new beside those before it is left out.
    if ((bits & own) !== own || (left & own) === 0) continue;
    names.push(name);
    left &= ~own;
  }
  return names;
}

const hasBits = (mask: number, bits: number) => (mask & bits) >>> 0 === bits;

/** @returns null for a name that is none */
export function maskOf(rights: readonly string[]): number | null {
  let mask = 0;
  for (const right of rights) {
    const found = NAMED.find(([name]) => name === right);
    if (!found) return null;
    mask |= found[1];
  }
  return mask === 0 ? 0 : mask | SYNCHRONIZE;
}
