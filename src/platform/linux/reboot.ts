import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import type { Exec } from '../exec.ts';
import { readOnce } from './source.ts';
import { findContainer } from './virtualization.ts';

/** Packages in /run/reboot-required.pkgs (Debian, Ubuntu), one a line and often more than once. */
export const parseRebootPackages = (text: string) => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))];

/**
 * What `needs-restarting -r` names (Fedora, RHEL; exit code 1 when a reboot is due).
 *
 *     Core libraries or services have been updated since boot-up:
 *       * kernel
 *       * systemd
 */
export const parseNeedsRestarting = (text: string) =>
  text.split('\n').flatMap((line) => /^\s+\* (\S+)/.exec(line)?.[1] ?? []);

/** Versions in the order of the kernel's own releases: figures by size, the rest by letter. */
const byVersion = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
/** "6.1.0-26-amd64" → "amd64": a machine with two flavours installed boots the one it runs. */
const flavour = (version: string) => /[a-z][a-z0-9_]*$/i.exec(version)?.[0] ?? '';

/** The newest kernel of the running flavour that is installed and newer than the running one, or null. */
export function newerKernel(running: string, installed: readonly string[]): string | null {
  // A kernel that came from elsewhere (a container, a provider's own) has nothing installed to compare with.
  if (!installed.includes(running)) return null;
  const newest = installed.filter((version) => flavour(version) === flavour(running)).sort(byVersion).at(-1)!;
  return byVersion(newest, running) > 0 ? newest : null;
}

/** Why a reboot is due; null when none is. In a container never: its kernel is another machine's. */
export async function rebootPending(exec: Exec): Promise<string[] | null> {
  if (findContainer({ read: (path) => readOnce(path), exists: existsSync })) return null;
  if (existsSync('/run/reboot-required')) {
    const packages = parseRebootPackages(readOnce('/run/reboot-required.pkgs', 64 << 10) ?? '');
    return packages.length ? packages : ['/run/reboot-required'];
  }
  const kernel = newerKernel(release(), installedKernels());
  if (kernel) return [`linux ${kernel}`];
  const tool = exec.which('needs-restarting');
  if (!tool) return null;
  const result = await exec.run([tool, '-r'], { timeout: 30_000 });
  if (result.code !== 1 || result.ended) return null;
  const named = parseNeedsRestarting(result.stdout);
  return named.length ? named : null;
}

/** Kernels whose modules are complete: an unfinished or half removed one has no list of them. */
function installedKernels(): string[] {
  try {
    return readdirSync('/lib/modules').filter((version) => existsSync(`/lib/modules/${version}/modules.dep`));
  } catch {
    return [];
  }
}
