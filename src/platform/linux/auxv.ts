import { readFileSync } from 'node:fs';

/** getauxval(3): pairs of 64-bit words on every system the panel runs on; 6 is AT_PAGESZ, 17 is AT_CLKTCK. */
function fromKernel(): Map<number, number> {
  try {
    const bytes = readFileSync('/proc/self/auxv');
    return new Map(Array.from({ length: bytes.length >> 4 }, (_, i) => [Number(bytes.readBigUInt64LE(i * 16)), Number(bytes.readBigUInt64LE(i * 16 + 8))]));
  } catch {
    return new Map();
  }
}

/** Bytes of a page (16 or 64 KiB on some ARM machines) and clock ticks a second, in which /proc/<pid>/stat counts. */
export function kernelUnits(): { page: number; ticks: number } {
  const words = fromKernel();
  return { page: words.get(6) ?? 4096, ticks: words.get(17) ?? 100 };
}
