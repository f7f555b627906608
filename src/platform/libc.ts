import { dlopen } from 'bun:ffi';

/** glibc, or musl under its own name. */
const LIBRARIES = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];

/** Calls of the C library that the runtime has no words for; null where neither of the two is. */
export function openLibc<const Calls extends Parameters<typeof dlopen>[1]>(calls: Calls): ReturnType<typeof dlopen<Calls>>['symbols'] | null {
  if (process.platform !== 'linux') return null;
  for (const library of LIBRARIES) {
    try {
      return dlopen(library, calls).symbols;
    } catch {
      // The other one, or none.
    }
  }
  return null;
}
