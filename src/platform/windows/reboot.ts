import { REG, type RegistryDriver, type RegistryKey } from '../registry.ts';
import { readText } from './system/registry-text.ts';

const LM = 'HKEY_LOCAL_MACHINE';
const CURRENT = `${LM}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion`;
const CONTROL = `${LM}\\SYSTEM\\CurrentControlSet\\Control`;

/** Keys that are there while a restart is due, and who made them. */
const KEYS = [
  ['Windows Update', `${CURRENT}\\WindowsUpdate\\Auto Update\\RebootRequired`],
  ['Component Based Servicing', `${CURRENT}\\Component Based Servicing\\RebootPending`],
] as const;

/**
 * Why Windows wants a restart: updates and features say so by keys, programs that replace files in use by a list of them,
 * and a computer with a new name has the old one until then.
 */
export async function windowsRebootPending(registry: RegistryDriver): Promise<string[] | null> {
  if (registry.refusal()) return null;
  const read = (path: string) => registry.read({ path, view: 64 }).catch(() => null);
  const keys = await Promise.all(KEYS.map(async ([name, path]) => ((await read(path)) ? [name] : [])));
  const name = async (key: string) => (await readText(registry, `${CONTROL}\\ComputerName\\${key}`, 'ComputerName'))?.toUpperCase();
  const [session, oldName, newName] = await Promise.all([read(`${CONTROL}\\Session Manager`), name('ActiveComputerName'), name('ComputerName')]);
  const files = renamed(session);
  const found = [...keys.flat(), ...(files ? [`PendingFileRenameOperations (${files})`] : []), ...(oldName && newName && oldName !== newName ? [`${oldName} → ${newName}`] : [])];
  return found.length ? found : null;
}

/** Pairs of a file and its new name, empty for one that goes: `\??\C:\a`, ``, `\??\C:\b`, `\??\C:\c`. */
function renamed(key: RegistryKey | null): number {
  const value = key?.values.find(({ name, type }) => /^PendingFileRenameOperations$/i.test(name) && type === REG.multi);
  return value ? Math.floor(Buffer.from(value.bytes).toString('utf16le').replace(/\0$/, '').split('\0').length / 2) : 0;
}
