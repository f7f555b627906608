import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runOk, type Exec } from '../exec.ts';
import type { PanelService } from '../panel-service.ts';
import { createServiceControl, type ServiceControl } from './services/control.ts';
import { stopService } from './services/stop.ts';
import { systemTool } from './system-tool.ts';
import { windowsWord } from './words.ts';
import { installedExecutable, placeExecutable } from './executable.ts';
import { createWindowsRegistry } from './registry/registry.ts';
import { isElevated } from './security.ts';

export const PANEL_SERVICE = 'Mantou';
const KEY = `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\${PANEL_SERVICE}`;
const RULE = 'Mantou panel';
/** How long Windows waits before it starts it again, ms. */
const AGAIN_MS = 3000;
const STATES: Record<number, string> = { 1: 'inactive', 2: 'activating', 3: 'deactivating', 4: 'active' };
const AUTO_START = 2;
const LINES = 12;

/** The panel as a service of Windows, which runs as the system. */
export function createWindowsPanelService(exec: Exec, control: ServiceControl = createServiceControl()): PanelService {
  const executable = installedExecutable();
  const registry = createWindowsRegistry();
  const value = async (name: string) => (await registry.read({ path: KEY, view: 64 }).catch(() => null))?.values.find((each) => each.name.toLowerCase() === name)?.bytes ?? null;
  const netsh = (...words: string[]) => exec.run([systemTool(exec, 'netsh'), 'advfirewall', 'firewall', ...words], { timeout: 20_000 });

  /** Windows lets nobody in unless told to. A rule that is there keeps what somebody made of it, but for the port. */
  async function letIn(port: number): Promise<boolean> {
    const there = (await netsh('show', 'rule', `name=${RULE}`)).code === 0;
    const words = there ? ['set', 'rule', `name=${RULE}`, `program=${executable}`, 'new', `localport=${port}`] : ['add', 'rule', `name=${RULE}`, 'dir=in', 'action=allow', 'protocol=TCP', `localport=${port}`, `program=${executable}`];
    return (await netsh(...words)).code === 0;
  }

  return {
    name: PANEL_SERVICE,
    executable,
    refusal: () => null,
    changeRefusal: () => (isElevated() ? null : (t) => t.service.needsAdministrator),
    async state() {
      const state = control.state(PANEL_SERVICE);
      const start = await value('start');
      return { installed: state !== null, active: STATES[state ?? 1] ?? 'inactive', enabled: start && Buffer.from(start).readUInt32LE(0) === AUTO_START ? 'enabled' : 'disabled' };
    },
    async dataDir() {
      const bytes = await value('imagepath');
      return bytes ? dataDirIn(Buffer.from(bytes).toString('utf16le').replace(/\0+$/, '')) : null;
    },
    place: async (running) => placeExecutable(running),
    async start(args, { dataDir, port }) {
      const command = [executable, 'service', 'run', ...args, '--data-dir', dataDir].map(windowsWord).join(' ');
      await stopService(exec, control, PANEL_SERVICE);
      control.put({ name: PANEL_SERVICE, title: 'Mantou', description: 'Mantou server panel', command, account: 'LocalSystem', boot: true, again: AGAIN_MS }, false);
      await runOk(exec, [systemTool(exec, 'sc'), 'start', PANEL_SERVICE], { timeout: 60_000 });
      return (await letIn(port)) ? null : (t) => t.service.notLetIn({ port });
    },
    async remove() {
      await stopService(exec, control, PANEL_SERVICE);
      control.remove(PANEL_SERVICE);
      await netsh('delete', 'rule', `name=${RULE}`, `program=${executable}`);
    },
    async lastLines(dataDir) {
      const folder = join(dataDir, 'logs');
      const newest = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)).toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] : undefined;
      return newest ? readFileSync(newest, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n') : '';
    },
  };
}

/** `"C:\Program Files\Mantou\mantou.exe" service run --host :: --data-dir "D:\my data"` → `D:\my data` */
export function dataDirIn(command: string): string | null {
  const found = / --data-dir (?:"([^"]+)"|(\S+))$/.exec(command);
  const path = found?.[1] ?? found?.[2];
  // A last backslash is doubled within quotes.
  return path?.replace(/\\\\$/, '\\') ?? null;
}
