import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import type { FirewallChange, FirewallPlan, FirewallProvider, FirewallState } from '../../firewall.ts';

/** The machine around a provider: `root` is another folder than / for a machine that is looked at from outside. */
export interface Surroundings {
  exec: Exec;
  path(path: string): string;
  /** null: it is not there. */
  read(path: string): string | null;
  /** Also a symbolic link that leads nowhere. */
  isThere(path: string): boolean;
}

export function surroundings(exec: Exec, root = '/'): Surroundings {
  const path = (of: string) => (root === '/' ? of : join(root, of));
  return {
    exec, path,
    isThere: (of) => lstatSync(path(of), { throwIfNoEntry: false }) !== undefined,
    read(of) {
      try {
        return readFileSync(path(of), 'utf8');
      } catch {
        return null;
      }
    },
  };
}

/** One firewall of Linux behind the model. */
export interface Provider {
  name: FirewallProvider;
  /** Programs that it is installed by. */
  tools: readonly string[];
  isActive(): Promise<boolean>;
  read(): Promise<FirewallState>;
  plan(change: FirewallChange, state: FirewallState): Promise<FirewallPlan>;
}
