import type { Exec } from '../../exec.ts';
import type { PackagesDriver } from '../../packages.ts';
import { noPackages } from '../../portable/not-here.ts';
import { createAptPackages } from './apt.ts';
import { createDnfPackages } from './dnf.ts';

/** By the tool that is here: apt first, which Debian's own dnf package does not replace. */
export function createLinuxPackages(exec: Exec): PackagesDriver {
  if (exec.which('apt-get') && exec.which('dpkg')) return createAptPackages(exec);
  if (exec.which('dnf')) return createDnfPackages(exec);
  return noPackages((t) => t.packages.noTool);
}
