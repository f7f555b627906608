import { AppError, type ErrorCode } from '../../../lib/errors.ts';
import { HIVES, splitPlace, type RegistryDriver, type RegistryPlace, type RegistryValue, type RegistryView } from '../../registry.ts';
import { wide } from '../words.ts';
import { openAdvapi, type Advapi } from './advapi.ts';

/**
 * The registry by the calls of Windows themselves rather than by PowerShell or reg.exe: exact bytes of every type, no text
 * to take apart in whatever code page, no process to start, and it runs where there is no PowerShell.
 * A call takes microseconds; what reads many keys gives way to others between them (core/registry/walk.ts).
 */
export function createWindowsRegistry(open: () => Advapi | null = openAdvapi): RegistryDriver {
  const api = () => {
    const found = open();
    if (!found) throw new AppError('unsupported', (t) => t.registry.onlyWindows);
    return found;
  };
  return {
    refusal: () => (open() ? null : (t) => t.registry.onlyWindows),
    async read(place) {
      return withKey(api(), place, KEY_READ, (key) => {
        const facts = factsOf(api(), key, place);
        return { keys: keyNames(api(), key, place), values: values(api(), key, facts, place), writtenAt: facts.writtenAt };
      });
    },
    async haveKeys(place, names) {
      return withKey(api(), place, KEY_READ, (key) => names.map((name) => hasKeys(api(), key, name, place))) ?? names.map(() => false);
    },
    async create(place) {
      const { root, below } = partsOf(place);
      const made = new BigUint64Array(1);
      check(api().RegCreateKeyExW(root, wide(below), 0, null, 0, KEY_WRITE | viewBit(place.view), null, made, null), place);
      api().RegCloseKey(made[0]!);
    },
    async remove(place) {
      const { root, below } = partsOf(place);
      if (below === '') throw failure(ERROR_ACCESS_DENIED, place);
      const at = below.lastIndexOf('\\');
      const parent = new BigUint64Array(1);
      // The view belongs to the handle: RegDeleteTree knows no flag for it.
      const code = api().RegOpenKeyExW(root, wide(at < 0 ? '' : below.slice(0, at)), 0, KEY_ALL_ACCESS | viewBit(place.view), parent);
      if (code === ERROR_FILE_NOT_FOUND) return;
      check(code, place);
      const gone = api().RegDeleteTreeW(parent[0]!, wide(below.slice(at + 1)));
      api().RegCloseKey(parent[0]!);
      if (gone !== ERROR_FILE_NOT_FOUND) check(gone, place);
    },
    async set(place, { name, type, bytes }) {
      const done = withKey(api(), place, KEY_WRITE, (key) => {
        check(api().RegSetValueExW(key, wide(name), 0, type, bytes.length ? bytes : null, bytes.length), place);
        return true;
      });
      if (!done) throw failure(ERROR_FILE_NOT_FOUND, place);
    },
    async unset(place, name) {
      withKey(api(), place, KEY_WRITE, (key) => {
        const code = api().RegDeleteValueW(key, wide(name));
        if (code !== ERROR_FILE_NOT_FOUND) check(code, place);
      });
    },
  };
}

// winerror.h
const ERROR_FILE_NOT_FOUND = 2;
const ERROR_ACCESS_DENIED = 5;
const ERROR_MORE_DATA = 234;
const ERROR_NO_MORE_ITEMS = 259;
const ERROR_BAD_PATHNAME = 161;

// winnt.h
const KEY_READ = 0x2_0019;
const KEY_WRITE = 0x2_0006;
const KEY_ALL_ACCESS = 0xf_003f;
const viewBit = (view: RegistryView) => (view === 64 ? 0x100 : 0x200);

/** HKEY_CLASSES_ROOT is (HKEY)(ULONG_PTR)(LONG)0x80000000: the sign goes all the way up. */
const ROOTS: Record<(typeof HIVES)[number], bigint> = {
  HKEY_CLASSES_ROOT: 0xffff_ffff_8000_0000n, HKEY_CURRENT_USER: 0xffff_ffff_8000_0001n, HKEY_LOCAL_MACHINE: 0xffff_ffff_8000_0002n,
  HKEY_USERS: 0xffff_ffff_8000_0003n, HKEY_CURRENT_CONFIG: 0xffff_ffff_8000_0005n,
};

const dword = (value = 0) => new Uint32Array([value]);

function partsOf({ path }: RegistryPlace) {
  const parts = splitPlace(path);
  if (!parts) throw new AppError('invalid', (t) => t.registry.badPath);
  return { root: ROOTS[parts.hive], below: parts.below };
}

const CODES: Record<number, ErrorCode> = { [ERROR_FILE_NOT_FOUND]: 'not_found', [ERROR_ACCESS_DENIED]: 'denied', [ERROR_BAD_PATHNAME]: 'invalid', 87: 'invalid', 1018: 'conflict', 1021: 'conflict' };

function failure(code: number, { path }: RegistryPlace): AppError {
  const kind = CODES[code] ?? 'unavailable';
  return new AppError(kind, (t) => (kind === 'denied' ? t.registry.denied({ path }) : kind === 'not_found' ? t.registry.noKey({ path }) : t.registry.failed({ path, code })));
}

function check(code: number, place: RegistryPlace) {
  if (code !== 0) throw failure(code, place);
}

function withKey<T>(api: Advapi, place: RegistryPlace, access: number, work: (key: bigint) => T): T | null {
  const { root, below } = partsOf(place);
  const handle = new BigUint64Array(1);
  const code = api.RegOpenKeyExW(root, wide(below), 0, access | viewBit(place.view), handle);
  if (code === ERROR_FILE_NOT_FOUND || code === ERROR_BAD_PATHNAME) return null;
  check(code, place);
  try {
    return work(handle[0]!);
  } finally {
    api.RegCloseKey(handle[0]!);
  }
}

interface Facts {
  keys: number;
  keyChars: number;
  values: number;
  nameChars: number;
  valueBytes: number;
  writtenAt: number | null;
}

function factsOf(api: Advapi, key: bigint, place: RegistryPlace): Facts {
  const [keys, keyChars, count, nameChars, valueBytes] = [dword(), dword(), dword(), dword(), dword()];
  const time = new BigUint64Array(1);
  check(api.RegQueryInfoKeyW(key, null, null, null, keys, keyChars, null, count, nameChars, valueBytes, null, time), place);
  return { keys: keys[0]!, keyChars: keyChars[0]!, values: count[0]!, nameChars: nameChars[0]!, valueBytes: valueBytes[0]!, writtenAt: timeOf(time[0]!) };
}

/** FILETIME: 100 ns since 1601. Keys made by a system's set-up may have none. */
const timeOf = (filetime: bigint) => (filetime === 0n ? null : Number(filetime / 10_000n) - 11_644_473_600_000);

function keyNames(api: Advapi, key: bigint, place: RegistryPlace): string[] {
  const names: string[] = [];
  // A key that is made meanwhile may be longer than those that were counted; no name is longer than 255.
  const name = Buffer.alloc(2 * 257);
  for (let index = 0; ; index++) {
    const length = dword(256);
    const code = api.RegEnumKeyExW(key, index, name, length, null, null, null, null);
    if (code === ERROR_NO_MORE_ITEMS) return names;
    check(code, place);
    names.push(name.toString('utf16le', 0, length[0]! * 2));
  }
}

function values(api: Advapi, key: bigint, facts: Facts, place: RegistryPlace): RegistryValue[] {
  const found: RegistryValue[] = [];
  let name = Buffer.alloc(2 * (facts.nameChars + 2));
  let bytes = Buffer.alloc(facts.valueBytes + 64);
  for (let index = 0; ; ) {
    const [length, type, size] = [dword(name.length / 2), dword(), dword(bytes.length)];
    const code = api.RegEnumValueW(key, index, name, length, null, type, bytes, size);
    if (code === ERROR_NO_MORE_ITEMS) return found;
    if (code === ERROR_MORE_DATA && bytes.length < 64 * 2 ** 20) {
      // It has grown since it was counted.
      name = Buffer.alloc(2 * 16_384);
      bytes = Buffer.alloc(Math.max(bytes.length * 2, size[0]!));
      continue;
    }
    check(code, place);
    found.push({ name: name.toString('utf16le', 0, length[0]! * 2), type: type[0]!, bytes: Uint8Array.from(bytes.subarray(0, size[0]!)) });
    index++;
  }
}

function hasKeys(api: Advapi, parent: bigint, name: string, place: RegistryPlace): boolean {
  const handle = new BigUint64Array(1);
  if (api.RegOpenKeyExW(parent, wide(name), 0, KEY_READ | viewBit(place.view), handle) !== 0) return false;
  try {
    return factsOf(api, handle[0]!, place).keys > 0;
  } finally {
    api.RegCloseKey(handle[0]!);
  }
}
