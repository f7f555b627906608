import type { AutomaticUpdates } from '../../packages.ts';
import { REG, type RegistryDriver } from '../../registry.ts';
import { SERVICES } from '../services/settings.ts';

/** Where the policy "Configure Automatic Updates" stands; sconfig of Windows Server writes there as well. */
const AU = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU';
/** AUOptions: 2 tells, 3 fetches and tells, 4 installs at a time, 5 lets the machine's administrator choose, 7 (Server) fetches and tells of installing and restarts. */
const TELLS = [2, 3, 7];
const INSTALLS = 4;
const DISABLED = 4;

export interface AutomaticState {
  shown: AutomaticUpdates;
  options: number | null;
}

/** Without a policy Windows installs by itself ("Manage additional Windows Update settings", learn.microsoft.com). */
export async function readAutomatic(registry: RegistryDriver): Promise<AutomaticState> {
  const dword = async (path: string, name: string) => {
    const key = await registry.read({ path, view: 64 }).catch(() => null);
    const value = key?.values.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return value?.type === REG.dword && value.bytes.length === 4 ? Buffer.from(value.bytes).readUInt32LE() : null;
  };
  const [off, options, start] = await Promise.all([dword(AU, 'NoAutoUpdate'), dword(AU, 'AUOptions'), dword(`${SERVICES}\\wuauserv`, 'Start')]);
  const on = off !== 1 && start !== DISABLED && (options === null || !TELLS.includes(options));
  return { shown: { name: 'Windows Update', installed: true, on, path: AU }, options };
}

/** By reg, so that what is shown is what runs. */
export function automaticCommands(reg: string, to: boolean, { options }: Pick<AutomaticState, 'options'>): [string, ...string[]][] {
  const set = (name: string, value: number): [string, ...string[]] => [reg, 'add', AU.replace('HKEY_LOCAL_MACHINE', 'HKLM'), '/v', name, '/t', 'REG_DWORD', '/d', String(value), '/f'];
  return to ? [set('NoAutoUpdate', 0), ...(options !== null && TELLS.includes(options) ? [set('AUOptions', INSTALLS)] : [])] : [set('NoAutoUpdate', 1)];
}
