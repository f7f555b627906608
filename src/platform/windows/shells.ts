import { existsSync, statSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { ShellsDriver } from '../shells.ts';

const system = () => join(process.env.SystemRoot ?? 'C:\\Windows', 'System32');

/** The shells that Windows may have, the newest first; PowerShell 7 is installed beside the system's own. */
const SHELLS = [
  { id: 'pwsh', program: 'PowerShell 7', path: () => join(process.env.ProgramFiles ?? 'C:\\Program Files', 'PowerShell\\7\\pwsh.exe'), args: ['-NoLogo'] },
  { id: 'powershell', program: 'Windows PowerShell', path: () => join(system(), 'WindowsPowerShell\\v1.0\\powershell.exe'), args: ['-NoLogo'] },
  { id: 'cmd', program: 'cmd', path: () => join(system(), 'cmd.exe'), args: [] },
] as const;

/** Variables of the machine and of the account; what the panel was started with stays with the panel. */
const KEPT = /^(systemroot|systemdrive|windir|comspec|path|pathext|os|processor_\w+|number_of_processors|program(files|data|w6432)(\(x86\))?|commonprogram\w*(\(x86\))?|public|allusersprofile|userprofile|username|userdomain|homedrive|homepath|appdata|localappdata|temp|tmp|computername|psmodulepath|driverdata)$/i;

export function createWindowsShells(): ShellsDriver {
  return {
    choices: async () => SHELLS.filter(({ path }) => existsSync(path())).map(({ id, program }) => ({ id, program, own: true })),
    async launch(choice, folder) {
      const shell = SHELLS.find(({ id }) => id === choice);
      if (!shell) throw new AppError('invalid', (t) => t.terminal.noAccount({ name: choice }), { field: 'shell' });
      const path = shell.path();
      if (!existsSync(path)) throw new AppError('unavailable', (t) => t.terminal.noShell({ path }));
      if (folder !== null && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new AppError('not_found', (t) => t.terminal.noFolder({ path: folder }), { field: 'folder' });
      }
      const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => KEPT.test(pair[0]) && pair[1] !== undefined));
      return { argv: [path, ...shell.args], cwd: folder ?? homedir(), env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor' }, title: `${userInfo().username}@${hostname()}` };
    },
    folderOf: async () => null,
  };
}
