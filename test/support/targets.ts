import { expect } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { executable } from './executable.ts';

/** First bytes, and where the machine stands: ELF e_machine (18), PE (after "PE\0\0"), Mach-O cputype (4). */
const FORMATS: Record<string, (bytes: Buffer) => boolean> = {
  'linux-x64': (b) => elf(b, 0x3e),
  'linux-arm64': (b) => elf(b, 0xb7),
  'linux-x64-musl': (b) => elf(b, 0x3e) && b.includes('ld-musl-x86_64.so.1'),
  'windows-x64': (b) => b.toString('latin1', 0, 2) === 'MZ' && b.readUInt16LE(b.readUInt32LE(0x3c) + 4) === 0x8664,
  'darwin-arm64': (b) => b.readUInt32LE(0) === 0xfeedfacf && b.readUInt32LE(4) === 0x0100000c,
};

const elf = (bytes: Buffer, machine: number) => bytes.toString('latin1', 0, 4) === '\x7fELF' && bytes.readUInt16LE(18) === machine;

export const TARGETS = Object.keys(FORMATS);

/** A test for each of these targets. */
export function builds(it: (name: string, body: () => Promise<void>) => void, targets: readonly string[]): void {
  for (const target of targets) {
    it(`${target}: an executable of that system, with its SHA-256`, async () => {
      const path = await executable(target);
      const bytes = readFileSync(path);
      expect(FORMATS[target]!(bytes)).toBe(true);
      const sum = createHash('sha256').update(bytes).digest('hex');
      expect(readFileSync(join(dirname(path), 'SHA256SUMS'), 'utf8').split('\n')).toContain(`${sum}  ${basename(path)}`);
    });
  }
}
