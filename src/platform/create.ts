import type { Exec } from './exec.ts';
import { createFakeHost } from './fake/host.ts';
import type { Host } from './host.ts';
import type { ScriptRunner } from './scripts.ts';

/** The drivers for this machine; the fake ones for `--demo`. */
export function createHost(_demo: boolean, _exec: Exec, _scripts: ScriptRunner): Host {
  return createFakeHost();
}
