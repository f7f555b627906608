import type { Exec } from '../exec.ts';

/** Keys that are there while a restart is due, and who made them. */
const KEYS = [
  ['Windows Update', 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired'],
  ['Component Based Servicing', 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending'],
] as const;

/** reg.exe ends with 0 when the key is there, with 1 when it is not. */
export async function windowsRebootPending(exec: Exec): Promise<string[] | null> {
  const tool = exec.which('reg');
  if (!tool) return null;
  const found = await Promise.all(KEYS.map(async ([name, key]) => {
    const { code, ended } = await exec.run([tool, 'query', key], { timeout: 10_000, cap: 4096 });
    return code === 0 && !ended ? [name] : [];
  }));
  return found.flat().length ? found.flat() : null;
}
