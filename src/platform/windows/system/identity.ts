import { hostname } from 'node:os';
import { z } from 'zod';
import { AppError, type Say } from '../../../lib/errors.ts';
import type { Identity, IdentityChange, IdentityDriver } from '../../identity.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { planner } from './change.ts';
import { readText } from './registry-text.ts';
import { noRights } from './rights.ts';

/** `identity.ps1 read`: {"domain":"corp.example.com"} */
export const IdentityAnswer = z.object({ domain: z.string().nullable() });

const NAMES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName';

/**
 * What NetBIOS and DNS both take ("Naming conventions in Active Directory for computers", learn.microsoft.com): longer ones would be
 * cut off in one of the two.
 */
const isName = (name: string) => /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/i.test(name) && !/^\d+$/.test(name);

/** A new name is written down and counts from the next start on: until then there are two. */
export function createWindowsIdentity(registry: RegistryDriver, shell: PowerShell, called: () => string = hostname): IdentityDriver {
  async function read(): Promise<Identity> {
    const [now, next] = await Promise.all([readText(registry, `${NAMES}\\ActiveComputerName`, 'ComputerName'), readText(registry, `${NAMES}\\ComputerName`, 'ComputerName')]);
    const name = called();
    // Both are in capitals, often; the name that programs are told keeps how it was typed.
    const same = next === null || next.toUpperCase() === (now ?? name).toUpperCase();
    return { name, written: same ? null : next, pretty: null, hasPretty: false, netbios: true };
  }

  async function refusal(): Promise<Say | null> {
    const why = await noRights(shell);
    if (why) return why;
    try {
      const { domain } = await shell.call('identity.ps1', 'read', {}, IdentityAnswer);
      return domain === null ? null : (t) => t.system.identity.inDomain({ domain });
    } catch (error) {
      if (error instanceof AppError) return error.say;
      throw error;
    }
  }

  return {
    read,
    ...planner(shell, 'identity.ps1', refusal, async ({ name }: IdentityChange) => {
      if (!isName(name)) throw new AppError('invalid', (t) => t.system.identity.netbiosHint, { field: 'name' });
      const { name: now, written } = await read();
      if (name.toUpperCase() === (written ?? now).toUpperCase()) return [];
      return [{ verb: 'rename', given: { name }, commands: [`Rename-Computer -NewName ${quoted(name)} -Force`] }];
    }),
  };
}
