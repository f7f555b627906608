import { z } from 'zod';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { PackageChange, PackageRun, PackagesDriver, PackageUpdates, UnreadPackages } from '../../packages.ts';
import { planOf } from '../../plan.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { systemTool } from '../system-tool.ts';
import { automaticCommands, readAutomatic } from './automatic.ts';
import { installUpdates, isWindowsUpdate, updateRows, updateText, WindowsUpdates } from './windows-update.ts';
import { createWinget, findWinget, type Winget } from './winget.ts';
import { createWingetAnswer } from './winget-answer.ts';

const KEPT_MS = 60_000;

export interface WindowsPackagesNeeds {
  exec: Exec;
  registry: RegistryDriver;
  shell: PowerShell;
  /** A PowerShell for one long run: nobody else waits for it, and it is closed with the run. */
  longShell(): PowerShell;
  winget?: () => string | undefined;
  clock?: Clock;
  lookMs?: number;
}

/** It takes seconds to say what it knows, and what it knows changes only by a search or a change. */
function keptFor<T>(clock: Clock, ask: () => Promise<T>) {
  let answer: { value: T; at: number } | null = null;
  return {
    async read() {
      if (!answer || clock.monotonic() - answer.at >= KEPT_MS) answer = { value: await ask(), at: clock.monotonic() };
      return answer.value;
    },
    forget: () => void (answer = null),
  };
}

/**
 * Two tools behind one list: Windows Update, whose updates are named by their GUIDs, and winget, whose packages are named by
 * their identifiers. Where one of them cannot be asked, the other one is shown, and it is said. */
export function createWindowsPackages({ exec, registry, shell, longShell, winget: find = findWinget, clock = systemClock, lookMs }: WindowsPackagesNeeds): PackagesDriver {
  let searchedAt: number | null = null;
  const answer = createWingetAnswer();
  const reg = () => systemTool(exec, 'reg');
  const winget = (): Winget | null => {
    const program = find();
    return program ? createWinget(exec, shell, program) : null;
  };
  const needWinget = (): Winget => {
    const found = winget();
    if (!found) throw new AppError('unsupported', (t) => t.packages.noWinget);
    return found;
  };

  const windowsList = keptFor(clock, () => shell.call('windows-update.ps1', 'list', {}, WindowsUpdates));

  /** Of these the ones with their titles. @throws AppError conflict for one that is not on the list */
  async function titled(names: readonly string[]) {
    if (names.length === 0) return [];
    const { updates } = await windowsList.read();
    return names.map((name) => {
      const found = updates.find(({ id }) => id === name);
      if (!found) throw new AppError('conflict', (t) => t.packages.notNewer({ name }));
      return found;
    });
  }

  async function list(): Promise<PackageUpdates> {
    const program = find();
    const unread: UnreadPackages[] = [];
    const told = (tool: UnreadPackages['tool']) => (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      unread.push({ tool, what: 'updates', why: error.say, detail: error.detail ?? null });
      return null;
    };
    const [windows, automatic] = await Promise.all([windowsList.read().catch(told('windows-update')), readAutomatic(registry)]);
    if (!program) unread.push({ tool: 'winget', what: 'updates', why: (t) => t.packages.noWinget, detail: null });
    const said = program ? answer.last() : null;
    if (program && !said) unread.push({ tool: 'winget', what: 'updates', why: (t) => t.packages.notAsked, detail: null });
    const apps = said instanceof AppError ? told('winget')(said) : said;
    const updates = [...(windows ? updateRows(windows) : []), ...(apps?.updates ?? [])];
    // Pins also hold what has no newer version; hidden updates are in the list.
    const held = [...updates.filter(({ stays }) => stays === 'held').map(({ name }) => name), ...(apps?.held ?? [])];
    const refreshedAt = Math.max(windows?.searchedAt ?? 0, searchedAt ?? 0) || null;
    return { updates, fresh: [], held: [...new Set(held)], refreshedAt, interrupted: null, busy: windows?.busy ?? false, automatic: automatic.shown, unread };
  }

  const wingetWords = (tool: Winget, change: PackageChange): (readonly string[])[] => {
    if (change.kind === 'refresh') return [tool.refresh, tool.listing];
    if (change.kind === 'hold') return [tool.hold(change.name, change.to)];
    return change.kind === 'upgrade' ? change.names.filter((name) => !isWindowsUpdate(name)).map((name) => tool.upgrade(name)) : [];
  };

  /** In the order that they run in. */
  async function commands(change: PackageChange): Promise<string[]> {
    const apps = (tool: Winget) => wingetWords(tool, change).map((words) => tool.command(words));
    switch (change.kind) {
      case 'refresh': {
        const tool = winget();
        return [shell.show('windows-update.ps1', 'search', {}), ...(tool ? apps(tool) : [])];
      }
      case 'upgrade': {
        const windows = change.names.filter(isWindowsUpdate);
        await titled(windows);
        const steps = windows.flatMap((id) => ['Download', 'Install'].map((work) => shell.show('windows-update.ps1', 'begin', { id, work })));
        return [...steps, ...(windows.length < change.names.length ? apps(needWinget()) : [])];
      }
      case 'hold': return isWindowsUpdate(change.name) ? [shell.show('windows-update.ps1', 'hide', { id: change.name, to: change.to })] : apps(needWinget());
      case 'automatic': return automaticCommands(reg(), change.to, await readAutomatic(registry)).map(([, ...words]) => ['reg', ...words].join(' '));
      // What pages need is in packages of Linux.
      case 'install': throw new AppError('unsupported', (t) => t.packages.noTool);
      case 'repair': throw new AppError('unsupported', (t) => t.packages.nothingToRepair);
    }
  }

  /** In a process of its own, which ends with it: a search that is given up ends there, and changes nothing by that. */
  async function apart(work: (own: PowerShell) => Promise<unknown>) {
    const own = longShell();
    try {
      await work(own);
    } finally {
      own.close();
    }
  }

  async function upgrade(names: readonly string[], run: PackageRun) {
    const windows = await titled(names.filter(isWindowsUpdate));
    const apps = names.filter((name) => !isWindowsUpdate(name));
    const failed: AppError[] = [];
    const kept = (error: unknown) => {
      run.signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      failed.push(error);
    };
    if (windows.length) await apart((own) => installUpdates(own, windows, run, lookMs)).catch(kept);
    const tool = apps.length ? needWinget() : null;
    for (const id of apps) {
      run.onOutput(`\n${id}\n`);
      await tool!.run(tool!.upgrade(id), run).catch((error: unknown) => {
        kept(error);
        run.onOutput(`${failed.at(-1)?.detail ?? ''}\n`);
      });
    }
    if (tool) await answer.ask(tool, run.signal).catch(kept);
    if (failed.length === 1) throw failed[0];
    if (failed.length) throw new AppError('unavailable', (t) => t.packages.someFailed, { detail: failed.map(({ detail }) => detail ?? '').join('\n') });
  }

  async function apply(change: PackageChange, run: PackageRun): Promise<void> {
    switch (change.kind) {
      case 'refresh': {
        await apart(async (own) => {
          const found = await own.call('windows-update.ps1', 'search', {}, WindowsUpdates, { signal: run.signal });
          searchedAt = clock.now();
          run.onOutput(`Windows Update: ${found.updates.length}\n`);
        });
        const tool = winget();
        if (!tool) return;
        return answer.ask(tool, run.signal, () => tool.run(tool.refresh, run));
      }
      case 'upgrade': return upgrade(change.names, run);
      case 'hold': {
        if (isWindowsUpdate(change.name)) return void (await shell.call('windows-update.ps1', 'hide', { id: change.name, to: change.to }, z.object({}), { signal: run.signal }));
        const tool = needWinget();
        await tool.run(tool.hold(change.name, change.to), run);
        return answer.hold(change.name, change.to);
      }
      case 'automatic': {
        for (const argv of automaticCommands(reg(), change.to, await readAutomatic(registry))) await runOk(exec, argv, { signal: run.signal });
        return;
      }
      case 'install': throw new AppError('unsupported', (t) => t.packages.noTool);
      case 'repair': throw new AppError('unsupported', (t) => t.packages.nothingToRepair);
    }
  }

  return {
    tool: 'windows-update',
    refusal: () => (shell.missing() ? (t) => t.powershell.unavailable : null),
    changeRefusal: () => null,
    list,
    plan: async (change) => planOf(await commands(change)),
    async run(change, run) {
      await apply(change, run).finally(() => windowsList.forget());
    },
    // What Windows Update began, it ends by itself; a winget that ended with the panel left nothing to follow.
    left: () => null,
    async changelog(name) {
      if (!isWindowsUpdate(name)) return needWinget().show(name);
      const [found] = await titled([name]);
      return updateText(found!);
    },
  };
}
