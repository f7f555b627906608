import type { Exec } from '../../exec.ts';
import type { PackagesDriver } from '../../packages.ts';
import { noPackages } from '../../portable/not-here.ts';
import { createAptPackages } from './apt.ts';
import { createDnfPackages } from './dnf.ts';
import { createLasting } from './lasting.ts';

/**
 * By the tool that is here: apt first, which Debian's own dnf package does not replace.
 * @param folder of the panel's own, for what must outlive it
 */
export function createLinuxPackages(exec: Exec, folder: string): PackagesDriver {
  const lasting = createLasting(exec, folder);
  if (exec.which('apt-get') && exec.which('dpkg')) return createAptPackages(exec, lasting);
  if (exec.which('dnf')) return createDnfPackages(exec, lasting);
  return noPackages((t) => t.packages.noTool);
}
