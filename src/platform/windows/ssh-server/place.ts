import { basename, dirname, join } from 'node:path/win32';
import { REG, type RegistryDriver } from '../../registry.ts';

/** Where the parts of OpenSSH lie. */
export interface SshPlace {
  /** `C:\Windows\System32\OpenSSH\sshd.exe`, or in Program Files where its own installer has put it. */
  sshd: string;
  /** What comes with it. */
  tool(name: string): string;
}

const SERVICE = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\sshd';

/** By the service of this name, whichever package brought it; null: there is none, or it is of another OpenSSH (that of Cygwin is started by cygrunsrv). */
export async function findSshd(registry: RegistryDriver, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<SshPlace | null> {
  const key = await registry.read({ path: SERVICE, view: 64 });
  const value = key?.values.find(({ name }) => name.toLowerCase() === 'imagepath');
  if (!value || (value.type !== REG.sz && value.type !== REG.expand)) return null;
  const line = Buffer.from(value.bytes).toString('utf16le').replace(/\0.*$/s, '');
  const set = new Map(Object.entries(environment).map(([name, text]) => [name.toLowerCase(), text]));
  const command = line.replace(/%(\w+)%/g, (whole, name: string) => set.get(name.toLowerCase()) ?? whole).trim();
  // Neither that of Windows nor that of the installer has a word behind it; without quotes a blank is part of the path.
  const sshd = /^"([^"]+)"/.exec(command)?.[1] ?? command;
  if (!/^[A-Za-z]:\\/.test(sshd) || basename(sshd).toLowerCase() !== 'sshd.exe') return null;
  return { sshd, tool: (name) => join(dirname(sshd), `${name}.exe`) };
}
