import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { PackageRun, PackageUpdate } from '../../packages.ts';
import type { PowerShell } from '../powershell/powershell.ts';

/**
 * `windows-update.ps1 list`:
 *
 *     {"updates":[{"id":"2ad04ae6-e364-4d1e-8c1f-5ea3ba3a8b5c","title":"2024-10 Cumulative Update for … (KB5044281)","description":"…","kbs":["5044281"],
 *       "categories":["0fa1201d-4330-4fa8-8ae9-b877473b6441"],"severity":"Critical","size":367000000,"hidden":false,"optional":false,"url":"https://…"}],
 *      "searchedAt":1790000000000,"busy":false}
 */
export const WindowsUpdates = z.object({
  updates: z.array(z.object({
    id: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), title: z.string(), description: z.string(), kbs: z.array(z.string()), categories: z.array(z.string()),
    severity: z.string(), size: z.number(), hidden: z.boolean(), optional: z.boolean(), url: z.string(),
  })),
  searchedAt: z.number().nullable(), busy: z.boolean(),
});
export type WindowsUpdateList = z.output<typeof WindowsUpdates>;
type Found = WindowsUpdateList['updates'][number];

/** `windows-update.ps1 look`: {"done":true,"percent":100,"code":2,"hresult":0,"restart":false}, code as in OperationResultCode (wuapi.h) */
export const UpdateWork = z.object({ done: z.boolean(), percent: z.number(), code: z.number().int(), hresult: z.number().int(), restart: z.boolean() });

/** Of the categories of updates the one for security ("Update Classification GUIDs", learn.microsoft.com). */
const SECURITY = '0fa1201d-4330-4fa8-8ae9-b877473b6441';
/** orcSucceeded, orcSucceededWithErrors */
const GOOD = [2, 3];

export const isWindowsUpdate = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);

/** Security first, then what Windows would install by itself, then what it only offers. */
export function updateRows({ updates }: Pick<WindowsUpdateList, 'updates'>): PackageUpdate[] {
  return updates
    .map(({ id, title, kbs, categories, severity, size, hidden, optional }): PackageUpdate => ({
      name: id, title, arch: '', from: '', to: kbs.map((kb) => `KB${kb.replace(/^KB/i, '')}`).join(' '), security: categories.includes(SECURITY) || severity !== '', origin: 'Windows Update',
      size: size || null, stays: hidden ? 'held' : optional ? 'optional' : null,
    }))
    .sort((a, b) => Number(b.security) - Number(a.security) || Number(a.stays !== null) - Number(b.stays !== null) || (a.title ?? '').localeCompare(b.title ?? ''));
}

/** What Microsoft writes of one. */
export const updateText = ({ title, description, severity, url }: Found) => [title, severity && `MSRC: ${severity}`, description, url].filter(Boolean).join('\n\n');

const LOOK_MS = 1000;
/** A job that was told to stop ends at its next step; one that does not is left to Windows. */
const STOP_MS = 120_000;

/**
 * Fetches and installs one after the other, so that it is told of each how it went. What failed does not keep the others.
 * @param shell of its own: a work lives in the process that began it, and holds nobody up there
 * @throws AppError unavailable with what failed; what the signal says when it aborts, after the work has stopped
 */
export async function installUpdates(shell: PowerShell, chosen: readonly Pick<Found, 'id' | 'title'>[], { signal, onOutput }: PackageRun, lookMs = LOOK_MS): Promise<void> {
  const failed: string[] = [];
  let restart = false;
  for (const { id, title } of chosen) {
    onOutput(`${title}\n`);
    try {
      for (const work of ['Download', 'Install'] as const) restart = (await workOn(shell, id, work, signal, onOutput, lookMs)) || restart;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError) || error.code === 'denied') throw error;
      failed.push(`${title}\n${error.detail ?? ''}`.trim());
      onOutput(`  ${error.detail ?? error.code}\n`);
    }
  }
  if (restart) onOutput('RebootRequired\n');
  if (failed.length) throw new AppError('unavailable', (t) => t.packages.someFailed, { detail: failed.join('\n') });
}

async function workOn(shell: PowerShell, id: string, work: 'Download' | 'Install', signal: AbortSignal, onOutput: (text: string) => void, lookMs: number): Promise<boolean> {
  signal.throwIfAborted();
  await shell.call('windows-update.ps1', 'begin', { id, work }, z.object({}));
  let told = -1;
  let until: number | null = null;
  for (;;) {
    const { done, percent, code, hresult, restart } = await shell.call('windows-update.ps1', 'look', {}, UpdateWork);
    if (Math.floor(percent / 10) > told && !done) {
      told = Math.floor(percent / 10);
      onOutput(`  ${work} ${percent} %\n`);
    }
    if (done && signal.aborted) signal.throwIfAborted();
    if (done && GOOD.includes(code)) {
      onOutput(`  ${work} 100 %\n`);
      return restart;
    }
    if (done) throw new AppError('unavailable', (t) => t.packages.notTold, { detail: `${work}: ${resultWord(code)}, 0x${(hresult >>> 0).toString(16).padStart(8, '0')}` });
    if (signal.aborted && until === null) {
      until = performance.now() + STOP_MS;
      await shell.call('windows-update.ps1', 'stop', {}, z.object({}));
      onOutput(`  ${work}: RequestAbort\n`);
    }
    if (until !== null && performance.now() > until) signal.throwIfAborted();
    await Bun.sleep(lookMs);
  }
}

/** OperationResultCode */
const resultWord = (code: number) => ['NotStarted', 'InProgress', 'Succeeded', 'SucceededWithErrors', 'Failed', 'Aborted'][code] ?? String(code);
