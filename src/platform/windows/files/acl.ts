import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { Acl, AclDriver } from '../../files.ts';
import type { ScriptRunner } from '../../scripts.ts';
import { maskOf, rightsOf } from './rights.ts';

const TIMEOUT_MS = 30_000;

/** `acl.ps1 read`: {"owner":"BUILTIN\\Administrators","group":"…","inherits":true,"entries":[{"type":"allow","account":"…","mask":2032127,"inherited":true,"flags":[…]}]} */
const Answer = z.object({
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

const Effective = z.object({ rights: z.number() });

/** NTFS by PowerShell; Windows without it (a container's, Wine) has none to offer. */
export function createNtfsAcl(exec: Exec, scripts: ScriptRunner): AclDriver {
  return {
    kind: 'ntfs',
    missing: () => (exec.which('powershell') ? null : 'powershell.exe'),
    read: async (at) => parseNtfs(await scripts.run('acl.ps1', ['read', at], { timeout: TIMEOUT_MS })),
    async write(at, acl) {
      await scripts.run('acl.ps1', ['write', at], { timeout: TIMEOUT_MS, stdin: ntfsText(acl) });
    },
    commands: (path, acl) => [`${scripts.show('acl.ps1', ['write', path])} < ${ntfsText(acl)}`],
    async effective(at, account) {
      const said = await scripts.run('acl.ps1', ['effective', at], { timeout: TIMEOUT_MS, stdin: JSON.stringify({ account }) });
      return rightsOf(parse(Effective, said).rights);
    },
  };
}

export function parseNtfs(text: string): Acl {
  const { entries, ...rest } = parse(Answer, text);
  return {
    ...rest,
    entries: entries.map(({ type, account, mask, inherited, flags }) => ({ type, account, rights: rightsOf(mask), isDefault: false, inherited, flags })),
  };
}

/** What the script reads. @throws AppError invalid for rights that Windows does not have */
export function ntfsText(acl: Acl): string {
  const entries = acl.entries.filter((entry) => !entry.inherited).map(({ type, account, rights, flags }) => {
    const mask = maskOf(rights);
    if (!mask || account === '' || (type !== 'allow' && type !== 'deny')) throw new AppError('invalid', (t) => t.acl.errors.badEntry);
    return { type, account, mask, flags };
  });
  return JSON.stringify({ owner: acl.owner, inherits: acl.inherits, keepInherited: acl.keepInherited ?? true, entries });
}

function parse<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  try {
    // A byte order mark comes from consoles that were told to write UTF-8.
    return schema.parse(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch (cause) {
    throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'powershell.exe', code: 0 }), { cause, detail: text.slice(-500) });
  }
}
