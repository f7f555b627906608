import { FFIType, ptr } from 'bun:ffi';
import { openLibc } from '../libc.ts';

/** What Bun has no call for, of the C library; numbers are Linux's, the same on x64 and arm64. */
const CALLS = {
  fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  dup3: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  read: { args: ['i32', 'ptr', 'usize'], returns: FFIType.i64_fast },
  ioctl: { args: ['i32', 'usize', 'ptr'], returns: 'i32' },
} as const;

const F_SETFL = 4;
const F_DUPFD_CLOEXEC = 1030;
const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const TIOCSWINSZ = 0x5414;

export interface Libc {
  /** A further number for the same open file, which no program inherits. @returns -1 when there are too many */
  duplicate(fd: number): number;
  /** `over` stands for what `fd` is from now on; what it was is closed, if nobody else has it. */
  replace(over: number, fd: number): void;
  neverWait(fd: number): void;
  /** Reads into `bytes` from `at` on. @returns how many; 0 or less when there is nothing, or never will be */
  read(fd: number, bytes: Uint8Array, at: number): number;
  setSize(fd: number, cols: number, rows: number): void;
}

let known: Libc | null | undefined;

/** glibc, or musl under its own name; null where neither is. */
export function libc(): Libc | null {
  if (known !== undefined) return known;
  const symbols = openLibc(CALLS);
  return (known = symbols && bind(symbols));
}

function bind(symbols: NonNullable<ReturnType<typeof openLibc<typeof CALLS>>>): Libc {
  return {
    duplicate: (fd) => symbols.fcntl(fd, F_DUPFD_CLOEXEC, 3),
    replace: (over, fd) => void symbols.dup3(over, fd, O_CLOEXEC),
    neverWait: (fd) => void symbols.fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK),
    read: (fd, bytes, at) => Number(symbols.read(fd, ptr(bytes, at), bytes.length - at)),
    setSize: (fd, cols, rows) => void symbols.ioctl(fd, TIOCSWINSZ, ptr(Uint16Array.of(rows, cols, 0, 0))),
  };
}
