/** passwd(5): `lin:x:1000:1000:Lin Chen,,,:/home/lin:/bin/bash` */
export interface PasswdRow {
  name: string;
  uid: number;
  gid: number;
  fullName: string;
  home: string;
  shell: string;
}

const rows = (text: string) => text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(':'));
const isNumber = (text: string | undefined) => text !== undefined && /^\d+$/.test(text);

/** Lines of NIS (`+`, `-@group`) name nobody of this machine. */
export const parsePasswd = (text: string): PasswdRow[] =>
  rows(text)
    .filter(([name, , uid, gid]) => name && !/^[+-]/.test(name) && isNumber(uid) && isNumber(gid))
    .map(([name, , uid, gid, gecos = '', home = '', shell = '']) => ({ name: name!, uid: Number(uid), gid: Number(gid), fullName: gecos.split(',')[0]!, home, shell: shell || '/bin/sh' }));

/** group(5): `sudo:x:27:lin,wang` */
export const parseGroup = (text: string): { name: string; gid: number; members: string[] }[] =>
  rows(text)
    .filter(([name, , gid]) => name && !/^[+-]/.test(name) && isNumber(gid))
    .map(([name, , gid, members = '']) => ({ name: name!, gid: Number(gid), members: members.split(',').filter(Boolean) }));

export interface ShadowRow {
  /** `locked`: nothing fits; `empty`: nothing is asked for. */
  password: 'set' | 'locked' | 'empty';
  /** It was only made unusable: what stands behind the mark fits again when that goes. */
  keeps: boolean;
  /** Days since 1970; null: never. */
  expires: number | null;
}

/** shadow(5): `lin:$y$j9T$…:20786:0:99999:7::1:`; a password that begins with `!` or is `*` is none. */
export const parseShadow = (text: string): Map<string, ShadowRow> =>
  new Map(
    rows(text).map(([name = '', hash = '', , , , , , expires]) => [
      name,
      { password: hash === '' ? 'empty' : /^[!*]/.test(hash) || hash === 'x' ? 'locked' : 'set', keeps: /^!+[^!*]/.test(hash), expires: isNumber(expires) ? Number(expires) : null },
    ]),
  );

/** login.defs(5): `UID_MIN  1000` */
export const loginDef = (text: string, name: string, otherwise: number) => Number(new RegExp(`^\\s*${name}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? otherwise);

/**
 * Who may become anybody by sudoers(5): accounts and groups of lines that allow ALL commands. Aliases and lists of
 * commands are not followed: whoever stands there is shown with what their groups say.
 *
 *     root    ALL=(ALL:ALL) ALL
 *     %sudo   ALL=(ALL:ALL) NOPASSWD: ALL
 */
export function parseSudoers(text: string): { accounts: string[]; groups: string[] } {
  const [accounts, groups] = [new Set<string>(), new Set<string>()];
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const [, who = '', all = ''] = /^\s*([^\s#@][^=#]*?)\s+ALL\s*=\s*(?:\((?:ALL|root)(?:\s*:\s*[\w]+)?\)\s*)?(?:\w+\s*:\s*)*(\S+)/.exec(line) ?? [];
    if (all !== 'ALL' || /^(Defaults|\w+_Alias)/.test(who)) continue;
    for (const name of who.split(',').map((word) => word.trim())) {
      if (/^%[^:#]/.test(name)) groups.add(name.slice(1));
      else if (/^[a-z_][\w.-]*$/i.test(name)) accounts.add(name);
    }
  }
  return { accounts: [...accounts], groups: [...groups] };
}

/** What is behind it lets nobody in. */
export const worksAsShell = (shell: string) => !/\/(nologin|false|true|sync|halt|shutdown|git-shell)$/.test(shell);
