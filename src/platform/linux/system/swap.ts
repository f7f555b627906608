import { existsSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { planOf, type FileChange, type Run } from '../../plan.ts';
import type { Swap, SwapArea, SwapChange, SwapDriver } from '../../swap.ts';
import { runSteps, showStep, step, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { noRoot } from './rights.ts';

const MIB = 1 << 20;
/** What stays free on the disk beside a new file. */
const RESERVE = 1 << 30;
/** Where a file cannot be swapped to as it is (statfs(2)): btrfs needs one without copies, the others take none. */
const UNFIT: Record<number, string> = { 0x9123683e: 'btrfs', 0x2fc12fc1: 'zfs', 0x794c7630: 'overlay', 0x01021994: 'tmpfs', 0x6969: 'nfs', 0x65735546: 'fuse' };

/**
 * /proc/swaps, sizes in KiB.
 *
 *     Filename				Type		Size		Used		Priority
 *     /swapfile                               file		2097148		524		-2
 */
export const parseSwaps = (swaps: string, fstab: string): SwapArea[] =>
  [...swaps.matchAll(/^(\/\S+)\s+(file|partition)\s+(\d+)\s+(\d+)\s+(-?\d+)/gm)].map(([, raw, kind, size, used, priority]) => {
    const path = raw!.replaceAll('\\040', ' ');
    return { path, kind: kind as SwapArea['kind'], size: Number(size) * 1024, used: Number(used) * 1024, priority: Number(priority), kept: inFstab(fstab, path) || (kind === 'partition' && /^[^#\n]+\sswap\s/m.test(fstab)) };
  });

const fields = (line: string) => line.trim().split(/\s+/);
/** fstab(5): `/swapfile none swap sw 0 0` */
const inFstab = (text: string, path: string) => text.split('\n').some((line) => fields(line)[0] === path && fields(line)[2] === 'swap');
export const withSwap = (text: string, path: string) => (inFstab(text, path) ? text : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${path}\tnone\tswap\tsw\t0\t0\n`);
export const withoutSwap = (text: string, path: string) => text.split('\n').filter((line) => !(fields(line)[0] === path && fields(line)[2] === 'swap')).join('\n');

/** A file, and what becomes of what stands in it: asked again when it is written, as hours may have passed since it was shown. */
interface Rewrite {
  path: string;
  become(text: string): string;
}
/** Without those that stay as they are. */
const changed = (files: readonly Rewrite[]): FileChange[] =>
  files.map(({ path, become }) => ({ path, before: readText(path), become })).map(({ path, before, become }) => ({ path, before, after: become(before ?? '') })).filter(({ before, after }) => after !== (before ?? ''));

/** @param places other ones in tests */
export function createLinuxSwap(exec: Exec, { fstab = '/etc/fstab', file = '/swapfile', sysctl = '/etc/sysctl.d/60-mantou-swap.conf', swaps = '/proc/swaps' } = {}): SwapDriver {
  /** The first name that is free. */
  const path = () => [file, ...Array.from({ length: 20 }, (_, i) => `${file}${i + 2}`)].find((one) => !existsSync(one)) ?? file;
  const folder = file.slice(0, file.lastIndexOf('/')) || '/';
  const disk = async () => {
    const { type, bavail, bsize } = await statfs(folder);
    return { unfit: UNFIT[type] ?? null, free: bavail * bsize };
  };
  const swappiness = () => {
    const text = readText('/proc/sys/vm/swappiness');
    return text === null ? null : Number(text);
  };
  const areas = () => parseSwaps(readText(swaps) ?? '', readText(fstab) ?? '');
  const available = () => Number(/^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;

  async function work(change: SwapChange): Promise<{ steps: Step[]; files: Rewrite[]; undo?: Step[] }> {
    if ('swappiness' in change) return { steps: [step('sysctl', '-w', `vm.swappiness=${change.swappiness}`)], files: [{ path: sysctl, become: () => `vm.swappiness = ${change.swappiness}\n` }] };
    if (!('remove' in change || 'add' in change)) throw new AppError('unsupported', (t) => t.system.swap.noPageFiles);
    if ('remove' in change) {
      const area = areas().find((one) => one.path === change.remove);
      if (!area) throw new AppError('not_found', (t) => t.system.swap.noSuch);
      if (area.used > available()) throw new AppError('conflict', (t) => t.system.swap.needed);
      const isFile = area.kind === 'file' && statSync(area.path, { throwIfNoEntry: false })?.isFile() === true;
      return { steps: [step('swapoff', '--', area.path), ...(isFile ? [step('rm', '--', area.path)] : [])], files: [{ path: fstab, become: (table) => withoutSwap(table, area.path) }] };
    }
    const { unfit, free } = await disk();
    if (unfit) throw new AppError('unsupported', (t) => t.system.swap.unfit({ kind: unfit }));
    const mib = change.add;
    if (mib * MIB + RESERVE > free) throw new AppError('conflict', (t) => t.system.swap.noRoom, { field: 'size' });
    const place = path();
    return {
      // Written whole: a file with holes is refused by swapon, and fallocate makes such ones on XFS.
      steps: [step('install', '-m', '600', '/dev/null', place), step('dd', 'if=/dev/zero', `of=${place}`, 'bs=1M', `count=${mib}`, 'conv=fsync'), step('mkswap', place), step('swapon', place)],
      files: [{ path: fstab, become: (table) => withSwap(table, place) }],
      undo: [{ ...step('swapoff', place), mayFail: true }, { ...step('rm', '-f', '--', place), mayFail: true }],
    };
  }

  return {
    read: async (): Promise<Swap> => ({ areas: areas(), paging: null, swappiness: swappiness(), free: (await disk()).free, path: path() }),
    refusal: async () => noRoot(),
    async plan(change) {
      const { steps, files } = await work(change);
      return planOf(steps.map(showStep), changed(files));
    },
    async apply(change, run: Run = {}) {
      const { steps, files, undo = [] } = await work(change);
      try {
        await runSteps(exec, steps, { timeout: 60 * 60_000, ...run });
        run.signal?.throwIfAborted();
      } catch (error) {
        await runSteps(exec, undo);
        throw error;
      }
      // Last: what did not come about must not be looked for at the next start.
      for (const { path: name, after } of changed(files)) await writeText(name, after);
    },
  };
}
