import { z } from 'zod';
import { hideSecrets } from '../../platform/command-line.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { askDocker } from '../docker/ask.ts';
import { ASK_MS } from './detail.ts';

export interface ContainerProcesses {
  /** As `ps` of the machine calls its columns. */
  titles: string[];
  rows: string[][];
}

const Top = z.object({ Titles: z.array(z.string()), Processes: z.array(z.array(z.string())).nullish() });

/** More than anybody reads. */
const ROWS_MOST = 2000;

/** What runs in it, as the machine sees it. @throws AppError denied, not_found, conflict (it does not run), unavailable */
export async function containerProcesses(app: App, actor: Actor, id: string): Promise<ContainerProcesses> {
  need(actor, 'containers.inspect');
  const { Titles, Processes } = await askDocker(app, { path: `/containers/${id}/top`, query: { ps_args: 'aux' }, timeout: ASK_MS }, Top);
  const command = Titles.findIndex((title) => /^(COMMAND|CMD)$/i.test(title));
  const rows = (Processes ?? []).slice(0, ROWS_MOST).map((row) => row.map((cell, i) => (i === command ? hideSecrets(cell) : cell)));
  return { titles: Titles, rows };
}

export const CHANGE_KINDS = ['changed', 'added', 'deleted'] as const;

export interface ContainerChange {
  path: string;
  kind: (typeof CHANGE_KINDS)[number];
}

export const CHANGES_SHOWN = 5000;

const Changes = z.array(z.object({ Path: z.string(), Kind: z.number().int().min(0).max(2) })).nullish();
/** The engine compares every file. */
const CHANGES_MS = 15_000;

/** What it wrote outside of its volumes: lost when it is removed. @throws AppError denied, not_found, unavailable */
export async function containerChanges(app: App, actor: Actor, id: string): Promise<{ changes: ContainerChange[]; total: number }> {
  need(actor, 'containers.inspect');
  const found = (await askDocker(app, { path: `/containers/${id}/changes`, timeout: CHANGES_MS }, Changes)) ?? [];
  const changes = found.slice(0, CHANGES_SHOWN).map(({ Path, Kind }) => ({ path: Path, kind: CHANGE_KINDS[Kind]! }));
  return { changes: changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)), total: found.length };
}
