import { access, constants, readFile, readlink, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, isAbsolute } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { Exec } from '../exec.ts';
import { foregroundGroup } from '../pty/session.ts';
import type { Launch, ShellChoice, ShellsDriver } from '../shells.ts';

interface Login {
  name: string;
  uid: number;
  home: string;
  shell: string;
}

/** shells(5) that end at once: accounts with these are for services. */
const NO_LOGIN = /(^|\/)(nologin|false|true|sync|halt|shutdown)$/;
/** Lists longer than this come from a directory of a whole company: there, other accounts are typed, not chosen. */
const SHOWN_MOST = 200;

/**
 * passwd(5): `lin:x:1000:1000:Lin Chen,,,:/home/lin:/bin/bash`. An empty shell means /bin/sh.
 */
export function parseLogins(text: string): Login[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , , home = '', shell = ''] = line.split(':');
    return name && /^\d+$/.test(uid) ? [{ name, uid: Number(uid), home: home || '/', shell: shell.trim() || '/bin/sh' }] : [];
  });
}

/** Login shells of the machine's accounts; another account than the panel's only when the panel is root. */
export function createLinuxShells(exec: Exec, uid = process.getuid?.() ?? 0): ShellsDriver {
  const runuser = () => exec.which('runuser');
  return {
    async choices() {
      const all = await readLogins(exec);
      const own = all.find((login) => login.uid === uid) ?? { name: String(uid), uid, home: '/', shell: '/bin/sh' };
      const others = uid === 0 && runuser() ? all.filter((login) => login.uid !== uid && !NO_LOGIN.test(login.shell)) : [];
      const show = (login: Login): ShellChoice => ({ id: login.name, program: login.shell, own: login.uid === uid });
      // An own account without a shell gets one: who administers the machine by the panel needs it.
      return [show(NO_LOGIN.test(own.shell) ? { ...own, shell: '/bin/sh' } : own), ...others.slice(0, SHOWN_MOST).map(show)];
    },
    async launch(choice, folder) {
      const chosen = (await this.choices()).find(({ id }) => id === choice);
      const login = (await readLogins(exec, choice))[0] ?? (chosen?.own ? { name: choice, uid, home: '/', shell: '/bin/sh' } : undefined);
      if (!chosen || !login) throw new AppError('invalid', (t) => t.terminal.noAccount({ name: choice }), { field: 'shell' });
      await mustRun(chosen.program);
      const cwd = await startFolder(folder, login.home);
      const env = await environment({ ...login, shell: chosen.program });
      const title = `${login.name}@${hostname().split('.')[0]}`;
      if (chosen.own) return { argv: [chosen.program], argv0: `-${basename(chosen.program)}`, cwd, env, title };
      return other(runuser()!, login, cwd, env, title);
    },
    // runuser stays where it began; the shell that it started has the keyboard.
    folderOf: (pid) => readlink(`/proc/${foregroundGroup(pid) ?? pid}/cwd`).catch(() => null),
  };
}

/**
 * runuser(1) changes the account without asking for a password, opens its PAM session and keeps the environment that is given.
 * The name comes from the machine's own list, and stands as the value of an option: it cannot become one (S2).
 */
const other = (runuser: string, login: Login, cwd: string, env: Record<string, string>, title: string): Launch => ({
  argv: [runuser, `--user=${login.name}`, '--', login.shell, '-l'], cwd, env, title,
});

async function mustRun(program: string) {
  const runs = isAbsolute(program) && (await access(program, constants.X_OK).then(() => true, () => false));
  if (!runs) throw new AppError('unavailable', (t) => t.terminal.noShell({ path: program }));
}

async function startFolder(folder: string | null, home: string): Promise<string> {
  const isFolder = (path: string) => stat(path).then((found) => found.isDirectory(), () => false);
  if (folder === null) return (await isFolder(home)) ? home : '/';
  if (!(await isFolder(folder))) throw new AppError('not_found', (t) => t.terminal.noFolder({ path: folder }), { field: 'folder' });
  return folder;
}

const PATHS = { root: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', other: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games' };

/** What login(1) sets, and nothing of the panel's own. */
async function environment({ name, uid, home, shell }: Login): Promise<Record<string, string>> {
  return {
    HOME: home, USER: name, LOGNAME: name, SHELL: shell, PATH: uid === 0 ? PATHS.root : PATHS.other,
    TERM: 'xterm-256color', COLORTERM: 'truecolor', ...(await locale()),
  };
}

/** Debian: /etc/default/locale, others: /etc/locale.conf, lines such as `LANG="zh_CN.UTF-8"`. A terminal in a browser is UTF-8. */
async function locale(): Promise<Record<string, string>> {
  for (const path of ['/etc/default/locale', '/etc/locale.conf']) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const found = [...text.matchAll(/^(LANG|LC_\w+|LANGUAGE)="?([^"\n]*)"?$/gm)].map((match) => [match[1]!, match[2]!] as const);
    if (found.some(([key, value]) => key === 'LANG' && /utf-?8/i.test(value))) return Object.fromEntries(found);
  }
  return { LANG: 'C.UTF-8' };
}

/** From the name service where `getent` is there (LDAP, sssd), else from the file alone. */
async function readLogins(exec: Exec, name?: string): Promise<Login[]> {
  const getent = exec.which('getent');
  const asked = getent ? await exec.run([getent, 'passwd', ...(name === undefined ? [] : ['--', name])], { timeout: 5000, cap: 4 << 20 }) : null;
  if (asked?.stdout) return parseLogins(asked.stdout);
  const all = parseLogins(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  return name === undefined ? all : all.filter((login) => login.name === name);
}
