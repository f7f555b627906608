import type { RegistryDriver, RegistryValue } from '../../src/platform/registry.ts';
import { REG } from '../../src/platform/registry.ts';
import { NO_REGISTRY } from '../../src/platform/portable/registry.ts';
import { createWindowsServices } from '../../src/platform/windows/services/services.ts';
import { SERVICES } from '../../src/platform/windows/services/settings.ts';
import { faultError } from '../../src/platform/windows/powershell/fault.ts';
import type { PowerShell } from '../../src/platform/windows/powershell/powershell.ts';

/** Written by Microsoft's description of Win32_Service, like the answers of services.test.ts. */
const row = (name: string, title: string, pid: number) => ({
  name, title, state: 'Running', mode: 'Auto', pid, code: 0, specific: 0, memory: null, startedAt: null, description: '', command: `C:\\Windows\\System32\\${name}.exe`, account: 'LocalSystem', stops: true,
});

export interface WindowsServicesOptions {
  /** What was asked of the scripts, with what was given, and the secret. */
  asked?: unknown[][];
  /** What service-setup.ps1 throws. */
  refuse?: { code?: string; native?: number };
  values?: readonly RegistryValue[];
  own?: number;
}

/** Services of a Windows that is not there: the driver is the real one, its PowerShell and registry are answers. */
export function windowsServices({ asked = [], refuse, values = [], own = 1 }: WindowsServicesOptions = {}) {
  const services = [row('Spooler', 'Print Spooler', 2310), row('RpcSs', 'Remote Procedure Call (RPC)', 812), row('Mantou', 'Mantou', 4711)];
  const shell: PowerShell = {
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    async call(script, verb, given, answer, options) {
      asked.push([script, verb, given, options?.secret]);
      const fault = { code: 'x', category: 'NotSpecified', message: '', type: 'System.ComponentModel.Win32Exception', hresult: 0, native: 0, line: 1 };
      if (script === 'service-setup.ps1' && refuse) throw faultError({ ...fault, ...refuse }, `${script} ${verb}`);
      const name = (given as { name?: string }).name?.toLowerCase();
      const found = services.filter((one) => name === undefined || one.name.toLowerCase() === name);
      if (found.length === 0) throw faultError({ ...fault, category: 'ObjectNotFound' }, `${script} ${verb}`);
      return answer.parse(verb === 'log' ? { lines: [] } : verb === 'list' || verb === 'one' ? { services: found } : {});
    },
  };
  const registry: RegistryDriver = {
    ...NO_REGISTRY, refusal: () => null,
    read: async ({ path }) => ({ keys: path === SERVICES ? services.map(({ name }) => name) : [], values: path.endsWith('\\Spooler') ? [{ name: 'Type', type: REG.dword, bytes: new Uint8Array([0x10, 0, 0, 0]) }, ...values] : [], writtenAt: null }),
  };
  return createWindowsServices(shell, registry, [own]);
}
