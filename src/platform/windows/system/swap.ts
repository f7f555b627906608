import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { PageFile, Swap, SwapChange, SwapDriver } from '../../swap.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { planner, type Deed } from './change.ts';
import { noRights } from './rights.ts';

/**
 * `swap.ps1 read`:
 *
 *     {"automatic":false,"used":[{"path":"C:\\pagefile.sys","size":4096,"used":312,"temporary":false}],
 *      "files":[{"path":"C:\\pagefile.sys","initial":0,"maximum":0}],"disks":[{"path":"C:\\","free":42949672960}]}
 */
export const PagingAnswer = z.object({
  automatic: z.boolean(),
  used: z.array(z.object({ path: z.string(), size: z.number().int(), used: z.number().int(), temporary: z.boolean() })),
  files: z.array(z.object({ path: z.string(), initial: z.number().int(), maximum: z.number().int() })),
  disks: z.array(z.object({ path: z.string(), free: z.number() })),
});

const MIB = 2 ** 20;
/** What stays free on the disk beside it. */
const RESERVE = 2 ** 30;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const name = (path: string) => `${path[0]!.toUpperCase()}:\\pagefile.sys`;

/** Nothing of it changes before the next start: what is in use now, and what is written down for then, are told apart. */
export function createWindowsSwap(shell: PowerShell): SwapDriver {
  const ask = () => shell.call('swap.ps1', 'read', {}, PagingAnswer);

  async function read(): Promise<Swap> {
    const { automatic, used, files, disks } = await ask();
    return {
      areas: used.map(({ path, size, used: taken, temporary }) => ({ path, kind: 'file', size: size * MIB, used: taken * MIB, priority: null, kept: !temporary && (automatic || files.some((file) => same(file.path, path))) })),
      paging: { automatic, files, disks }, swappiness: null, free: disks[0]?.free ?? 0, path: name(disks[0]?.path ?? 'C:\\'),
    };
  }

  async function deeds(change: SwapChange): Promise<Deed<'swap.ps1'>[]> {
    const { automatic, used, files, disks } = await ask();
    if ('automatic' in change) return automatic ? [] : [{ verb: 'automatic', given: {}, commands: [setAutomatic(true)] }];
    if ('remove' in change) {
      const file = files.find(({ path }) => same(path, change.remove));
      if (!file) throw new AppError('not_found', (t) => t.system.swap.noSuch);
      return [{ verb: 'remove', given: { path: file.path }, commands: [...off(automatic), `Get-CimInstance Win32_PageFileSetting | Where-Object Name -EQ ${quoted(file.path)} | Remove-CimInstance`] }];
    }
    if (!('pageFile' in change)) throw new AppError('unsupported', (t) => t.system.swap.noSwapFiles);
    const { path, initial, maximum } = change.pageFile;
    const disk = disks.find((one) => same(name(one.path), path));
    if (!disk) throw new AppError('invalid', (t) => t.system.swap.noDisk, { field: 'path' });
    // The one that is there makes room for the new one.
    const room = disk.free + (used.find((one) => same(one.path, path))?.size ?? 0) * MIB - RESERVE;
    if (maximum * MIB > room) throw new AppError('conflict', (t) => t.system.swap.noRoom, { field: 'maximum' });
    const there = files.find((one) => same(one.path, path));
    if (!automatic && there && there.initial === initial && there.maximum === maximum) return [];
    return [{ verb: 'write', given: change.pageFile, commands: [...off(automatic), ...(there ? [] : [`New-CimInstance -ClassName Win32_PageFileSetting -Property @{ Name = ${quoted(path)} }`]), sized(change.pageFile)] }];
  }

  return { read, ...planner(shell, 'swap.ps1', () => noRights(shell), deeds) };
}

const setAutomatic = (on: boolean) => `Get-CimInstance Win32_ComputerSystem | Set-CimInstance -Property @{ AutomaticManagedPagefile = $${on} }`;
const off = (automatic: boolean) => (automatic ? [setAutomatic(false)] : []);
const sized = ({ path, initial, maximum }: PageFile) =>
  `Get-CimInstance Win32_PageFileSetting | Where-Object Name -EQ ${quoted(path)} | Set-CimInstance -Property @{ InitialSize = ${initial}; MaximumSize = ${maximum} }`;
