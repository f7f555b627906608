import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Exec, ExecOptions, ExecResult } from '../../exec.ts';
import type { PackageRun, PackageUpdate } from '../../packages.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { keptEnvironment } from '../powershell/start.ts';
import { wingetTables } from './winget-table.ts';

/** `winget.ps1 list`: {"module":true,"packages":[{"id":"Git.Git","name":"Git","installed":"2.49.0","newer":"2.54.0","source":"winget"}]} */
export const WingetPackages = z.object({
  module: z.boolean(), packages: z.array(z.object({ id: z.string(), name: z.string(), installed: z.string(), newer: z.string(), source: z.string() })),
});
type WingetPackage = z.output<typeof WingetPackages>['packages'][number];

/** APPINSTALLER_CLI_ERROR_INVALID_CL_ARGUMENTS, …_NO_APPLICATIONS_FOUND and …_INSTALL_REBOOT_REQUIRED_TO_FINISH (winget-cli, doc/windows/package-manager/winget/returnCodes.md). */
const BAD_ARGUMENTS = 0x8a150002;
const NONE_FOUND = 0x8a150014;
const RESTART_DUE = 0x8a150109;

const MINUTES = 60_000;
/** STATUS_DLL_NOT_FOUND (ntstatus.h): as SYSTEM winget gets no runtime from its package, and ends before its first word. */
const NO_RUNTIME = 0xc0000135;

/** The catalogue of the community alone: the Store wants an agreement and tells Microsoft the region, and SYSTEM has none of its own. */
const SOURCE = ['--source', 'winget'];
const QUIET = '--disable-interactivity';
/** Where an administrator has started it, and only there. */
const AGREED = ['--accept-source-agreements', QUIET];
const LISTING = ['upgrade', '--include-pinned', ...SOURCE, ...AGREED];

export interface WingetList {
  updates: PackageUpdate[];
  held: string[];
}

export interface Winget {
  /** Asks the source, and agrees to its terms: for what an administrator started. @throws AppError */
  list(signal?: AbortSignal): Promise<WingetList>;
  /** What `list` runs comes after it. */
  refresh: readonly string[];
  listing: readonly string[];
  upgrade(id: string): readonly string[];
  hold(id: string, to: boolean): readonly string[];
  /** Ends with all that it started when the signal aborts; what it handed to Windows Installer goes on there. @throws AppError with its last lines */
  run(words: readonly string[], run: PackageRun): Promise<void>;
  /** What the makers say of the newer version; null: they say nothing. */
  show(id: string): Promise<string | null>;
  /** As somebody would type it. */
  command(words: readonly string[]): string;
}

/**
 * winget comes with the App Installer, and each account that signs in has a link to it. The account of a service has none: the
 * program itself lies in a folder of its version, which SYSTEM and administrators may look into.
 */
export function findWinget({ local = process.env.LOCALAPPDATA, programs = process.env.ProgramFiles ?? 'C:\\Program Files', arch = process.arch as string } = {}): string | undefined {
  const there = (path: string) => {
    // A link of this kind cannot be followed by stat; that there is one is enough.
    try {
      return Boolean(lstatSync(path));
    } catch {
      return false;
    }
  };
  const apps = join(programs, 'WindowsApps');
  let folders: string[] = [];
  try {
    folders = readdirSync(apps);
  } catch {
    // It is not there, or closed to this account.
  }
  const newest = folders
    .filter((name) => new RegExp(`^Microsoft\\.DesktopAppInstaller_[\\d.]+_${arch === 'arm64' ? 'arm64' : 'x64'}__8wekyb3d8bbwe$`, 'i').test(name))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(apps, name, 'winget.exe'));
  return [...newest, ...(local ? [join(local, 'Microsoft', 'WindowsApps', 'winget.exe')] : [])].find(there);
}

/** Of the table of `winget upgrade`. An identifier that was cut to fit names nothing. */
export function wingetUpdates(text: string): WingetPackage[] {
  return wingetTables(text).flatMap(({ rows }) => rows.flatMap(([name = '', id = '', installed = '', newer = '', source = 'winget']) => (id && newer ? { id, name, installed, newer, source } : [])));
}

/** `winget pin list`: Name, Id, Version, Source, Pin type. */
export const wingetPins = (text: string): string[] => wingetTables(text).flatMap(({ rows }) => rows.flatMap(([, id]) => id || []));

export function createWinget(exec: Exec, shell: PowerShell, program: string): Winget {
  const none = ({ code }: ExecResult) => code >>> 0 === NONE_FOUND;
  const fail = (result: ExecResult) => (result.code >>> 0 === NO_RUNTIME ? new AppError('unavailable', (t) => t.packages.noRuntime) : failed(result));
  const failed = (result: ExecResult) => new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'winget', code: result.code }), {
    detail: `${(result.stderr || result.stdout).split(/[\r\n]+/).filter((line) => /[\p{L}]/u.test(line)).slice(-8).join('\n')}\n(0x${(result.code >>> 0).toString(16)})`,
  });
  const ask = (words: readonly string[], options: ExecOptions = {}) => exec.run([program, ...words], { timeout: 2 * MINUTES, cap: 4 << 20, env: keptEnvironment(), ...options });
  /** @param newer a word of these that older versions do not know, which do without it */
  async function read(words: readonly string[], options: ExecOptions = {}, newer = ''): Promise<string> {
    const result = await ask(words, options);
    if (newer && result.code >>> 0 === BAD_ARGUMENTS) return read(words.filter((word) => word !== newer), options);
    options.signal?.throwIfAborted();
    if ((result.code !== 0 && !none(result)) || result.ended) throw fail(result);
    return none(result) ? '' : result.stdout;
  }

  /** The module gives names and versions whole; it is rarely there, and is refused to SYSTEM by older versions of it. */
  async function packages(options: ExecOptions): Promise<WingetPackage[]> {
    const said = await shell.call('winget.ps1', 'list', {}, WingetPackages).catch(() => null);
    return said?.module ? said.packages : wingetUpdates(await read(LISTING, options, '--include-pinned'));
  }

  return {
    async list(signal) {
      const options = signal ? { signal } : {};
      // Versions before 1.5 know no pins.
      const [found, held] = await Promise.all([packages(options), read(['pin', 'list', ...SOURCE, ...AGREED], options).then(wingetPins, (): string[] => [])]);
      const updates = found.map(({ id, name, installed, newer, source }): PackageUpdate => ({
        name: id, title: name || null, arch: '', from: installed, to: newer, security: false, origin: source || 'winget', size: null, stays: held.includes(id) ? 'held' : id.includes('…') ? 'cut' : null,
      }));
      return { updates: updates.sort((a, b) => (a.name < b.name ? -1 : 1)), held };
    },
    refresh: ['source', 'update', '--name', 'winget', QUIET],
    listing: LISTING,
    upgrade: (id) => ['upgrade', '--id', id, '--exact', ...SOURCE, '--silent', '--accept-package-agreements', ...AGREED],
    hold: (id, to) => ['pin', to ? 'add' : 'remove', '--id', id, '--exact', ...SOURCE, ...AGREED],
    async run(words, { signal, onOutput }) {
      const result = await ask(words, { timeout: 120 * MINUTES, signal, onOutput });
      signal.throwIfAborted();
      if (result.code >>> 0 === RESTART_DUE) return onOutput('0x8a150109\n');
      if (result.code !== 0 || result.ended) throw fail(result);
    },
    async show(id) {
      return (await read(['show', '--id', id, '--exact', ...SOURCE, QUIET])).trim() || null;
    },
    command: (words) => ['winget', ...words].join(' '),
  };
}
