import { dlopen } from 'bun:ffi';

/** winsvc.h. SC_HANDLE is as wide as a pointer. */
const SERVICES = {
  OpenSCManagerW: { args: ['ptr', 'ptr', 'u32'], returns: 'u64' },
  OpenServiceW: { args: ['u64', 'ptr', 'u32'], returns: 'u64' },
  CreateServiceW: { args: ['u64', 'ptr', 'ptr', 'u32', 'u32', 'u32', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'u64' },
  ChangeServiceConfigW: { args: ['u64', 'u32', 'u32', 'u32', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr', 'ptr'], returns: 'i32' },
  ChangeServiceConfig2W: { args: ['u64', 'u32', 'ptr'], returns: 'i32' },
  QueryServiceStatus: { args: ['u64', 'ptr'], returns: 'i32' },
  DeleteService: { args: ['u64'], returns: 'i32' },
  CloseServiceHandle: { args: ['u64'], returns: 'i32' },
} as const;

const ERRORS = { GetLastError: { args: [], returns: 'u32' } } as const;

export type ServiceCalls = ReturnType<typeof dlopen<typeof SERVICES>>['symbols'] & ReturnType<typeof dlopen<typeof ERRORS>>['symbols'];

let opened: ServiceCalls | null = null;

/** The calls of the service control manager. Only on Windows. */
export function openServiceCalls(): ServiceCalls {
  opened ??= { ...dlopen('advapi32.dll', SERVICES).symbols, ...dlopen('kernel32.dll', ERRORS).symbols };
  return opened;
}
