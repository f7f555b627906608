import { lstat, realpath } from 'node:fs/promises';
import { basename } from 'node:path/win32';
import type { FilesDriver, PinnedFolder } from '../../files.ts';
import { pinFolder } from '../../portable/files/pin.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { createNtfsAcl } from './acl.ts';
import { createVolumes } from './volumes.ts';

/** Windows: drives, and access lists through PowerShell. Owners are no numbers here, and modes are the read-only attribute. */
export function createWindowsFiles(shell: PowerShell): FilesDriver {
  return {
    kind: 'windows',
    pin: pinFolder,
    longName,
    accounts: async () => ({ users: [], groups: [] }),
    volumes: createVolumes(shell),
    acl: createNtfsAcl(shell),
    attributes: null,
  };
}

async function longName(folder: PinnedFolder, name: string): Promise<string | null> {
  // Only names with a tilde before a digit can be short ones ("Naming Files, Paths, and Namespaces").
  if (!/~\d/.test(name)) return null;
  try {
    const at = folder.at(name) as string;
    if ((await lstat(at)).isSymbolicLink()) return null;
    return basename(await realpath(at));
  } catch {
    return null;
  }
}
