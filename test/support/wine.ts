/** A Windows for the Windows executable: Wine, with the one library that Wine 8 lacks. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, locked } from './executable.ts';

const prefix = join(cache, 'wine');

/**
 * Bun takes its random numbers from ProcessPrng of bcryptprimitives.dll, which Wine has from version 9 on. What it does
 * there is what it does here: ask RtlGenRandom, whose exported name is SystemFunction036.
 */
const prng = `
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
  while (length > 0) {
    ULONG part = length > 0x10000000 ? 0x10000000 : (ULONG)length;
    if (!SystemFunction036(buffer, part)) return FALSE;
    buffer += part;
    length -= part;
  }
  return TRUE;
}
`;

export interface Wine {
  /** Put before the executable's path. */
  command: string[];
  env: Record<string, string>;
  /** Runs a program in it to its end. Line ends are those of Unix. */
  run(argv: readonly string[], options?: { cwd?: string; env?: Record<string, string>; stdin?: string }): { out: string; err: string; code: number };
  /** Ends what still runs in it. */
  end(): void;
}

/** Makes the prefix (half a minute, once) and returns how to run something in it. */
export async function wine(): Promise<Wine> {
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: prefix,
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    // Names on the disk are UTF-8 to Wine only in a locale that says so.
    LANG: 'C.UTF-8',
    WINEDEBUG: '-all',
    // Neither .NET nor a browser: without this, Wine asks on a screen whether to download them.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
  };
  mkdirSync(cache, { recursive: true });
  await locked(join(cache, 'wine.lock'), async () => {
    const system32 = join(prefix, 'drive_c', 'windows', 'system32');
    const library = join(system32, 'bcryptprimitives.dll');
    if (existsSync(library)) return;
    run(['wine', 'wineboot', '--init'], env);
    run(['wineserver', '--wait'], env);
    const source = join(cache, 'prng.c');
    writeFileSync(source, prng);
    run(['x86_64-w64-mingw32-gcc', '-shared', '-O2', '-o', library, source, '-ladvapi32'], env);
  });
  const end = () => run(['wineserver', '--kill'], env);
  // Into files: what Wine starts beside the first program, such as its services, has the same output and may outlive it. Nobody waits for that.
  const asked: Wine['run'] = (argv, { stdin, ...options } = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'mantou-wine-'));
    const [out, err] = [join(folder, 'out'), join(folder, 'err')] as const;
    try {
      const { exitCode } = Bun.spawnSync(['/usr/bin/wine', ...argv], { env, stdin: stdin === undefined ? 'ignore' : Buffer.from(stdin), stdout: Bun.file(out), stderr: Bun.file(err), timeout: 300_000, ...options });
      const text = (path: string) => readFileSync(path, 'utf8').replaceAll('\r', '');
      return { out: text(out), err: text(err), code: exitCode };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { command: ['/usr/bin/wine'], env, run: asked, end };
}

/** Debian puts wineserver where no PATH leads. */
const programs: Record<string, string> = { wineserver: '/usr/lib/wine/wineserver' };

function run([name = '', ...args]: string[], env: Record<string, string>): void {
  const program = Bun.which(name) ?? programs[name] ?? name;
  const result = Bun.spawnSync([program, ...args], { env, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', timeout: 180_000 });
  if (result.exitCode !== 0 && name !== 'wineserver') throw new Error(`${name} failed: ${result.stderr.toString().trim()}`);
}
