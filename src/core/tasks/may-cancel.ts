import { can, PERMISSIONS, type Permission } from '../access.ts';
import type { Actor } from '../app.ts';
import type { TaskRow } from './tasks.ts';

/** What one needs to start a kind of task, where that is not its noun's `write`: first of the kind itself, then of its noun. */
const NEEDS = new Map<string, Permission>(Object.entries({
  containers: 'containers.admin',
  'containers.check': 'containers.write',
  docker: 'containers.admin',
  'files.owner': 'files.owner',
  history: 'settings.write',
  images: 'images.admin',
  'images.build': 'containers.admin',
  'images.pull': 'images.write',
  maintenance: 'settings.write',
  stacks: 'stacks.admin',
  'stacks.up': 'stacks.write',
  'stacks.start': 'stacks.write',
  'stacks.stop': 'stacks.write',
  'stacks.restart': 'stacks.write',
  'stacks.pull': 'stacks.write',
  'stacks.scale': 'stacks.write',
} as const));

const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

/** @returns null for a kind that no permission is about */
export function startPermission(kind: string): Permission | null {
  const noun = kind.split('.', 1)[0]!;
  const own = `${noun}.write`;
  return NEEDS.get(kind) ?? NEEDS.get(noun) ?? (isPermission(own) ? own : null);
}

/**
 * To cancel ends in the middle what runs as root, and may leave it half done: whoever could not have started it may not end it
 * either, except that what one has started oneself one may end.
 */
export function mayCancel(actor: Actor, { kind, userId }: Pick<TaskRow, 'kind' | 'userId'>): boolean {
  if (!can(actor, 'tasks.write')) return false;
  if (actor.kind === 'user' && actor.userId === userId) return true;
  const needed = startPermission(kind);
  return needed === null || can(actor, needed);
}
