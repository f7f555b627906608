import type { CheckFault, imageChecks } from '../../../db/schema/updates.ts';
import { isPullable, parseReference, referenceText } from '../../images/reference.ts';

export const UPDATE_STATES = ['newer', 'current', 'skipped', 'unknown'] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

/** Why nobody can say whether there is a newer one. */
export const UNKNOWNS = ['unasked', 'byId', 'pinned', 'local', 'limited', 'denied', 'missing', 'away', 'stopped'] as const satisfies readonly (CheckFault | string)[];
export type Unknown = (typeof UNKNOWNS)[number];

/** Skipped or not: whoever asks for it by name wants it. */
export const hasNewer = ({ state }: { state: UpdateState }) => state === 'newer' || state === 'skipped';

export type CheckRow = typeof imageChecks.$inferSelect;

/** `docker.io/library/redis` → `redis:latest`, which is what a registry is asked for; or why none can be. */
export function askedAs(image: string, digests: readonly string[] | undefined): { reference: string } | { why: 'byId' | 'pinned' | 'local' } {
  const name = isPullable(image) ? parseReference(image) : null;
  if (!name) return { why: 'byId' };
  if (name.digest !== null) return { why: 'pinned' };
  // A registry may well have something of this name, which is somebody else's: only where an image came from, another may.
  if (digests && !digests.some((digest) => parseReference(digest)?.name === name.name)) return { why: 'local' };
  return { reference: referenceText({ name: name.name, tag: name.tag ?? 'latest', digest: null }) };
}

/** @param digests of the image that a container runs; undefined: that image is not here any more @param row what was last said of its name */
export function stateOf(digests: readonly string[] | undefined, row: CheckRow | undefined): { state: UpdateState; why: Unknown | null } {
  if (!row) return { state: 'unknown', why: 'unasked' };
  const { digest, fault, skipped } = row;
  if (digest === null) return { state: 'unknown', why: fault ?? 'unasked' };
  const same = (digests ?? []).some((one) => one.endsWith(`@${digest}`));
  // What was newer stays so, whether or not the registry answers now; what was the newest may not be it any longer.
  if (same) return fault === null ? { state: 'current', why: null } : { state: 'unknown', why: fault };
  return { state: digest === skipped ? 'skipped' : 'newer', why: fault };
}
