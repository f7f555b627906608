import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ptyHostPlace } from '../../src/platform/pty-host/place.ts';
import { servePtyHost } from '../../src/platform/pty-host/serve.ts';
import type { Launch, ShellsDriver } from '../../src/platform/shells.ts';
import type { Pty, PtyDriver, PtyExit, PtyOptions } from '../../src/platform/pty/pty.ts';

/** A program on a terminal that says and does what a test tells it. */
export interface FakeProgram {
  options: PtyOptions;
  typed: Buffer[];
  sizes: string[];
  held: boolean;
  closed: boolean;
  says(text: string | Uint8Array): void;
  /** It has taken all that was typed. */
  drains(): void;
  ends(exit?: PtyExit): void;
}

/** @param fails the error code that the next program fails to start with */
export function fakePty(options: { fails?: () => string | null; holds?: boolean } = {}) {
  const programs: FakeProgram[] = [];
  const driver: PtyDriver = (given) => {
    const code = options.fails?.();
    if (code) throw Object.assign(new Error(code), { code });
    let over = false;
    const program: FakeProgram = {
      options: given, typed: [], sizes: [], held: false, closed: false,
      says: (text) => given.onOutput(typeof text === 'string' ? Buffer.from(text) : text),
      drains: () => given.onDrain(),
      ends(exit = { code: 0, signal: null }) {
        if (over) return;
        over = true;
        given.onExit(exit);
      },
    };
    programs.push(program);
    const pty: Pty = {
      pid: 100_000 + programs.length,
      write: (bytes) => void program.typed.push(Buffer.from(bytes)),
      resize: (cols, rows) => void program.sizes.push(`${cols}x${rows}`),
      hold: () => (program.held = options.holds ?? true),
      release: () => void (program.held = false),
      foreground: () => 'fake',
      kill: async () => program.ends({ code: null, signal: 'SIGHUP' }),
      close: () => void (program.closed = true),
    };
    return pty;
  };
  return { driver, programs };
}

export interface HostOptions {
  pty: PtyDriver;
  dataDir?: string;
  passed?(): number;
}

/** The process that holds shells, in this one. */
export function hostInProcess({ pty, dataDir, passed }: HostOptions) {
  const own = dataDir === undefined ? mkdtempSync(join(tmpdir(), 'mantou-pty-host-')) : null;
  const place = ptyHostPlace(dataDir ?? own!);
  const faults: unknown[] = [];
  const ending = new AbortController();
  const done = servePtyHost({ ...place, pty, onFault: (error) => faults.push(error), signal: ending.signal, ...(passed ? { passed } : {}) });
  return {
    place, faults, done,
    async stop() {
      ending.abort();
      await done;
      if (own) rmSync(own, { recursive: true, force: true });
    },
  };
}

const LAUNCH: Launch = { argv: ['/bin/fake'], cwd: '/', env: {}, title: 'lin@steamer' };

/** One account, with a shell that nothing really starts. */
export const fakeShells: ShellsDriver = {
  choices: async () => [{ id: 'lin', program: '/bin/fake', own: true }],
  launch: async (_choice, folder) => ({ ...LAUNCH, cwd: folder ?? '/' }),
  folderOf: async () => '/srv/www',
};
