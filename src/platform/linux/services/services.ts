import { existsSync } from 'node:fs';
import type { Exec } from '../../exec.ts';
import { createShownServices } from '../../no-services.ts';
import { hasSystemd } from '../../systemd.ts';
import type { ServicesDriver } from '../../services.ts';
import { createInitScripts, hasScripts } from './initd.ts';
import { createSystemd } from './systemd.ts';

/** By what started this machine: that does not change while the panel runs. */
export function createLinuxServices(exec: Exec): ServicesDriver {
  if (hasSystemd()) return createSystemd(exec);
  if (existsSync('/run/openrc') || existsSync('/lib/rc/init.d')) return createInitScripts(exec, 'openrc');
  if (hasScripts()) return createInitScripts(exec, 'sysv');
  return createShownServices(() => ({ system: null, away: 'none', verbs: [], units: false, programs: null }));
}
