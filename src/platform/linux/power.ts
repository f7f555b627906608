import { existsSync } from 'node:fs';
import type { Exec } from '../exec.ts';
import type { PowerDriver } from '../power.ts';
import type { ScriptRunner } from '../scripts.ts';
import { readOnce } from './source.ts';
import { findContainer } from './virtualization.ts';

/** Programs that, as process 1, know how to bring a machine down in order. */
const INITS = /^(systemd|init|openrc-init|runit|runit-init|s6-svscan|dinit|busybox|finit)$/;

/** What refusing depends on, so that it can be decided without a machine. */
export interface PowerFacts {
  root: boolean;
  container: string | null;
  systemd: boolean;
  /** Name of process 1. */
  init: string;
  tool: boolean;
}

/** Why the machine cannot be brought down from here, as a key of i18n `power.refusals`; null: it can. */
export function powerRefusal({ root, container, systemd, init, tool }: PowerFacts): 'notRoot' | 'container' | 'noInit' | 'noTool' | null {
  if (!root) return 'notRoot';
  // A container with systemd in it has something to bring down: the container.
  if (!systemd && !INITS.test(init)) return container ? 'container' : 'noInit';
  return tool ? null : 'noTool';
}

export function createLinuxPower(exec: Exec, scripts: ScriptRunner): PowerDriver {
  const facts = (): PowerFacts => ({
    root: process.geteuid?.() === 0,
    container: findContainer({ read: (path) => readOnce(path), exists: existsSync }),
    systemd: existsSync('/run/systemd/system'),
    init: readOnce('/proc/1/comm')?.trim() ?? '',
    tool: ['systemctl', 'shutdown', 'reboot'].some((name) => exec.which(name)),
  });
  return {
    async refusal() {
      const known = facts();
      const why = powerRefusal(known);
      if (!why) return null;
      const params = { container: known.container ?? '', init: known.init || '?' };
      return (t) => t.power.refusals[why](params);
    },
    commands: (action) => [scripts.show('power.sh', [action])],
    run: async (action) => void (await scripts.run('power.sh', [action], { timeout: 20_000 })),
  };
}
