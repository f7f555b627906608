import { CONFLICT_POLICIES, type ConflictPolicy } from '../../../db/schema/files.ts';
import type { App } from '../../app.ts';
import { normalName, normalPath, type PathKind } from '../paths.ts';
import { badMetadata } from './refusal.ts';

/** What a sender says about a file before its bytes. */
export interface Announced {
  /** Normal path of the folder that is there already. */
  folder: string;
  /** Folders below it that are made where they are missing. */
  below: string[];
  name: string;
  conflict: ConflictPolicy;
  /** ms since the epoch. */
  lastModified: number | null;
}

/** Time of a file: what a Date can hold. */
const TIME_MOST = 8_640_000_000_000_000;
const DEPTH_MOST = 256;

/**
 * Metadata of tus: `path` (the folder), `filename`, and, for folders with their structure, `relativePath`
 * ("photos/2025/a.jpg", with the name of the file at its end, which then counts).
 * @throws UploadRefusal 400, AppError invalid
 */
export function readAnnounced({ host }: Pick<App, 'host'>, metadata: Record<string, string | null>): Announced {
  const { kind } = host.files;
  const folder = metadata.path;
  const way = metadata.relativePath || metadata.filename;
  if (!folder) throw badMetadata((t) => t.uploads.errors.noPath);
  if (!way) throw badMetadata((t) => t.uploads.errors.noName);
  const parts = readWay(kind, way);
  const conflict = CONFLICT_POLICIES.find((one) => one === (metadata.conflict ?? 'ask'));
  if (!conflict) throw badMetadata((t) => t.uploads.errors.badConflict);
  const time = Number(metadata.lastModified ?? Number.NaN);
  const lastModified = Number.isInteger(time) && Math.abs(time) <= TIME_MOST ? time : null;
  return { folder: normalPath(kind, folder), below: parts.slice(0, -1), name: parts.at(-1)!, conflict, lastModified };
}

/** "a/b/c.txt" → ['a', 'b', 'c.txt']. @throws AppError invalid for "..", empty names and what else no name may be */
export function readWay(kind: PathKind, way: string): string[] {
  const parts = way.split('/');
  if (parts.length > DEPTH_MOST) throw badMetadata((t) => t.files.errors.badPath);
  return parts.map((part) => normalName(kind, part));
}
