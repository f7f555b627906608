import { shellWord } from '../../../lib/shell-word.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { Acl, AclDriver, AclEntry } from '../../files.ts';
import { ofPanel } from './own-path.ts';

/** POSIX.1e access lists by the tools of the package "acl". */
export function createPosixAcl(exec: Exec): AclDriver {
  const tool = (name: string) => exec.which(name);
  return {
    kind: 'posix',
    missing: () => ['getfacl', 'setfacl'].find((name) => !tool(name)) ?? null,
    async read(at) {
      const text = await runOk(exec, [tool('getfacl')!, '--absolute-names', '--numeric', '--', ofPanel(at)], { timeout: 10_000 });
      return parseGetfacl(text);
    },
    async write(at, acl) {
      // Entries come by standard input: a list has no place on a command line. The mask is the one that was chosen.
      await runOk(exec, [tool('setfacl')!, '--no-mask', '--set-file=-', '--', ofPanel(at)], { timeout: 10_000, stdin: aclText(acl) });
      // --set-file leaves a default list alone when the new one has none.
      if (!acl.entries.some((entry) => entry.isDefault)) await exec.run([tool('setfacl')!, '--remove-default', '--', ofPanel(at)], { timeout: 10_000 });
    },
    commands(path, acl) {
      const word = shellWord(path);
      const set = `setfacl --no-mask --set ${shellWord(aclText(acl).trim().replaceAll('\n', ','))} -- ${word}`;
      return acl.entries.some((entry) => entry.isDefault) ? [set] : [set, `setfacl --remove-default -- ${word}`];
    },
  };
}

/**
 * getfacl --numeric (acl 2.3):
 *
 *     # file: /proc/8484/fd/6
 *     # owner: 0
 *     # group: 33
 *     # flags: -s-
 *     user::rw-
 *     user:33:rwx			#effective:r-x
 *     group::r--
 *     mask::r-x
 *     other::---
 *     default:user::rwx
 */
export function parseGetfacl(text: string): Acl {
  const field = (name: string) => new RegExp(`^# ${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? '';
  const entries = text.split('\n').flatMap((line): AclEntry[] => {
    const found = /^(default:)?(user|group|mask|other):(\d*):([r-])([w-])([x-])(?:\s|$)/.exec(line);
    if (!found) return [];
    const [, isDefault, type, account, ...rights] = found;
    return [{ type: type as AclEntry['type'], account: account!, rights: rights.filter((right) => right !== '-' && right !== undefined), isDefault: isDefault !== undefined, inherited: false, flags: [] }];
  });
  return { owner: field('owner'), group: field('group'), inherits: false, entries };
}

/** What setfacl reads: a line each. */
export function aclText(acl: Acl): string {
  const rights = (entry: AclEntry) => ['r', 'w', 'x'].map((right) => (entry.rights.includes(right) ? right : '-')).join('');
  return acl.entries.map((entry) => `${entry.isDefault ? 'default:' : ''}${entry.type}:${entry.account}:${rights(entry)}\n`).join('');
}
