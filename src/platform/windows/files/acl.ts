import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Acl, AclDriver } from '../../files.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { maskOf, rightsOf } from './rights.ts';

/** `acl.ps1 read`: {"owner":"BUILTIN\\Administrators","group":"…","inherits":true,"entries":[{"type":"allow","account":"…","mask":2032127,"inherited":true,"flags":[…]}]} */
export const NtfsList = z.object({
  owner: z.string(),
  group: z.string(),
  inherits: z.boolean(),
  entries: z.array(z.object({
    type: z.enum(['allow', 'deny']),
    account: z.string(),
    mask: z.number(),
    inherited: z.boolean(),
    flags: z.array(z.string()),
  })),
});

export const EffectiveRights = z.object({ rights: z.number() });

/** NTFS by PowerShell; Windows without it (a container's, Wine) has none to offer. */
export function createNtfsAcl(shell: PowerShell): AclDriver {
  return {
    kind: 'ntfs',
    missing: () => shell.missing(),
    read: async (at) => aclOf(await shell.call('acl.ps1', 'read', { path: at }, NtfsList)),
    async write(at, acl) {
      await shell.call('acl.ps1', 'write', { path: at, ...ntfsGiven(acl) }, z.object({}));
    },
    commands: (path, acl) => [shell.show('acl.ps1', 'write', { path, ...ntfsGiven(acl) })],
    async effective(at, account) {
      return rightsOf((await shell.call('acl.ps1', 'effective', { path: at, account }, EffectiveRights)).rights);
    },
  };
}

export function aclOf({ entries, ...rest }: z.output<typeof NtfsList>): Acl {
  return {
    ...rest,
    entries: entries.map(({ type, account, mask, inherited, flags }) => ({ type, account, rights: rightsOf(mask), isDefault: false, inherited, flags })),
  };
}

/** What the script is given. @throws AppError invalid for rights that Windows does not have */
export function ntfsGiven(acl: Acl): object {
  const entries = acl.entries.filter((entry) => !entry.inherited).map(({ type, account, rights, flags }) => {
    const mask = maskOf(rights);
    if (!mask || account === '' || (type !== 'allow' && type !== 'deny')) throw new AppError('invalid', (t) => t.acl.errors.badEntry);
    return { type, account, mask, flags };
  });
  return { owner: acl.owner, inherits: acl.inherits, keepInherited: acl.keepInherited ?? true, entries };
}
