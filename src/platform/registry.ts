import type { Say } from '../lib/errors.ts';

/** On a Windows of 64 bits programs of 32 see another copy of some keys. */
export type RegistryView = 64 | 32;

/** A key, from its root on with backslashes: `HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft`. */
export interface RegistryPlace {
  path: string;
  view: RegistryView;
}

/** winnt.h; others exist only as bytes. */
export const REG = { none: 0, sz: 1, expand: 2, binary: 3, dword: 4, dwordBig: 5, link: 6, multi: 7, qword: 11 } as const;

export interface RegistryValue {
  /** Empty for the default value. */
  name: string;
  type: number;
  bytes: Uint8Array;
}

export interface RegistryKey {
  /** Names of the keys in it, in the order of the system. */
  keys: string[];
  values: RegistryValue[];
  /** ms since 1970; null: not known. */
  writtenAt: number | null;
}

export const HIVES = ['HKEY_CLASSES_ROOT', 'HKEY_CURRENT_USER', 'HKEY_LOCAL_MACHINE', 'HKEY_USERS', 'HKEY_CURRENT_CONFIG'] as const;

/** The registry of Windows. Names are told apart without regard to case. */
export interface RegistryDriver {
  /** Why there is none here, or null. */
  refusal(): Say | null;
  /** null: there is no such key. @throws AppError denied, unavailable */
  read(place: RegistryPlace): Promise<RegistryKey | null>;
  /** Which of these keys in it have keys in them. */
  haveKeys(place: RegistryPlace, names: readonly string[]): Promise<boolean[]>;
  /** Makes it, and those above it that are missing; one that is there stays as it is. */
  create(place: RegistryPlace): Promise<void>;
  /** With all that is in it. One that is not there is no error. */
  remove(place: RegistryPlace): Promise<void>;
  set(place: RegistryPlace, value: RegistryValue): Promise<void>;
  /** One that is not there is no error. */
  unset(place: RegistryPlace, name: string): Promise<void>;
}

/** `HKEY_LOCAL_MACHINE\A\B` → its root and `A\B`; no other machine's, no other roots. */
export function splitPlace(path: string): { hive: (typeof HIVES)[number]; below: string } | null {
  const at = path.indexOf('\\');
  const hive = HIVES.find((each) => each === (at < 0 ? path : path.slice(0, at)));
  return hive ? { hive, below: at < 0 ? '' : path.slice(at + 1) } : null;
}
