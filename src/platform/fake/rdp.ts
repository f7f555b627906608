import type { RdpDriver, RdpSettings } from '../rdp.ts';
import { REG, type RegistryDriver } from '../registry.ts';
import { createWindowsRdp, rdpPlan } from '../windows/rdp.ts';

const SERVER = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
const dword = (name: string, value: number) => ({ name, type: REG.dword, bytes: Uint8Array.from([value & 255, value >> 8, 0, 0]) });

/** Remote Desktop of no machine: what it goes by is in the made-up registry, where it can be seen change. */
export function createFakeRdp(registry: RegistryDriver): RdpDriver {
  const nowhere = { missing: () => 'powershell.exe' } as Parameters<typeof createWindowsRdp>[2];
  const driver = createWindowsRdp({ which: () => undefined, run: () => Promise.reject(new Error('a made-up machine runs nothing')) }, registry, nowhere);
  const tool = (name: string) => `C:\\Windows\\System32\\${name}.exe`;
  return {
    ...driver,
    read: async () => ({ ...(await driver.read()), service: 4 }),
    sessions: async () => [
      { id: 1, name: 'Console', user: '', domain: '', client: '', state: 'connected' },
      { id: 2, name: 'RDP-Tcp#3', user: 'lin', domain: 'DEMO-01', client: 'LAPTOP-7', state: 'active' },
      { id: 3, name: '', user: 'backup', domain: 'DEMO-01', client: '', state: 'disconnected' },
    ],
    plan: (from, to) => rdpPlan(tool, from, to),
    async apply(_from: RdpSettings, to: RdpSettings) {
      await registry.set({ path: SERVER, view: 64 }, dword('fDenyTSConnections', Number(!to.on)));
      await registry.set({ path: `${SERVER}\\WinStations\\RDP-Tcp`, view: 64 }, dword('PortNumber', to.port));
      await registry.set({ path: `${SERVER}\\WinStations\\RDP-Tcp`, view: 64 }, dword('UserAuthentication', Number(to.nla)));
    },
  };
}
