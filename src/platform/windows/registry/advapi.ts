import { dlopen } from 'bun:ffi';

/** winreg.h. HKEY is as wide as a pointer. */
const CALLS = {
  RegOpenKeyExW: { args: ['u64', 'ptr', 'u32', 'u32', 'ptr'], returns: 'i32' },
  RegCreateKeyExW: { args: ['u64', 'ptr', 'u32', 'ptr', 'u32', 'u32', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
  RegCloseKey: { args: ['u64'], returns: 'i32' },
  RegQueryInfoKeyW: { args: ['u64', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
  RegEnumKeyExW: { args: ['u64', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
  RegEnumValueW: { args: ['u64', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
  RegSetValueExW: { args: ['u64', 'ptr', 'u32', 'u32', 'ptr', 'u32'], returns: 'i32' },
  RegDeleteValueW: { args: ['u64', 'ptr'], returns: 'i32' },
  RegDeleteTreeW: { args: ['u64', 'ptr'], returns: 'i32' },
} as const;

export type Advapi = ReturnType<typeof dlopen<typeof CALLS>>['symbols'];

let opened: Advapi | null | undefined;

/** The calls of the registry; null where this is no Windows. */
export function openAdvapi(platform: NodeJS.Platform = process.platform): Advapi | null {
  if (platform !== 'win32') return null;
  if (opened === undefined) {
    try {
      opened = dlopen('advapi32.dll', CALLS).symbols;
    } catch {
      opened = null;
    }
  }
  return opened;
}
