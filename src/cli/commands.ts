import { dataDirOption, portableOption, serveOptions } from '../config/options.ts';
import type { Option } from '../config/option.ts';
import type { Role } from '../db/schema/users.ts';
import type { Command } from './command.ts';

/** Every command works on the data directory of one panel. */
const place: readonly Option[] = [dataDirOption, portableOption];

/** Named again, so that `version` does not load the database. */
const ROLES: readonly Role[] = ['admin', 'operator', 'viewer'];

const roleNames = `${ROLES.slice(0, -1).join(', ')} or ${ROLES.at(-1)}`;
const role: Option = {
  key: 'role', flag: 'role', kind: 'text', value: ROLES.join('|'),
  help: 'what the user may do', accepts: roleNames, valid: (v) => ROLES.includes(v as Role),
};
const passwordStdin: Option = {
  key: 'passwordStdin', flag: 'password-stdin', kind: 'switch', required: true,
  help: 'read the password from standard input, one line', accepts: 'the password on standard input',
};
const expires: Option = {
  key: 'expires', flag: 'expires', kind: 'text', value: 'TIME', default: 'never',
  help: 'how long the token is valid: 12d, 8w, 1y or never', accepts: 'days, weeks or years up to 10 years such as 30d, 8w, 1y, or never',
  valid: (v) => v === 'never' || days(v) !== null,
};

const selftest: Option = {
  key: 'windowsSelftest', flag: 'windows-selftest', kind: 'switch', default: false,
  help: 'on Windows: ask every script that only reads, and print a report without names and values, to attach to a bug', accepts: 'true or false',
};

/** "30d" → 30, "8w" → 56, "1y" → 365; null when it is none of these or longer than ten years. */
export function days(text: string): number | null {
  const found = /^([1-9]\d{0,3})([dwy])$/.exec(text);
  const count = found ? Number(found[1]) * { d: 1, w: 7, y: 365 }[found[2] as 'd' | 'w' | 'y'] : 0;
  return count > 0 && count <= 3650 ? count : null;
}

const account = { positionals: ['NAME'] } as const;

/** Every command, in the order of `--help` and of docs/command-line.md, which is made from this table. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve', summary: 'Run the panel; also what plain `mantou` does', positionals: [], options: serveOptions,
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'user add', summary: 'Add a user', ...account, options: [{ ...role, required: true }, passwordStdin, ...place],
    load: async () => (await import('./user.ts')).add,
  },
  {
    name: 'user list', summary: 'List users: name, role, second factor, state', positionals: [], options: place,
    load: async () => (await import('./user.ts')).list,
  },
  {
    name: 'user reset-password', summary: 'Set a new password; ends the sessions of the user', ...account, options: [passwordStdin, ...place],
    load: async () => (await import('./user.ts')).resetPassword,
  },
  {
    name: 'user reset-2fa', summary: 'Remove the authenticator, recovery codes and passkeys of a user', ...account, options: place,
    load: async () => (await import('./user.ts')).resetSecondFactor,
  },
  {
    name: 'token add', summary: 'Create an API token and print it once, alone on standard output', positionals: [],
    options: [
      { key: 'user', flag: 'user', kind: 'text', value: 'NAME', required: true, help: 'whose token it is', accepts: 'the name of a user' },
      { key: 'name', flag: 'name', kind: 'text', value: 'LABEL', required: true, help: 'what it is for', accepts: 'a label' },
      { ...role, help: 'what the token may do, at most what the user may; by default the same' },
      expires,
      ...place,
    ],
    load: async () => (await import('./token.ts')).add,
  },
  {
    name: 'service install', summary: 'Run the panel as a service of systemd or Windows from now on, on all addresses with TLS', positionals: [],
    options: [...serveOptions.filter(({ key }) => key === 'port'), dataDirOption],
    load: async () => (await import('./service.ts')).install,
  },
  {
    name: 'service uninstall', summary: 'Stop and remove the service; the data stays', positionals: [], options: [dataDirOption],
    load: async () => (await import('./service.ts')).uninstall,
  },
  {
    name: 'service status', summary: 'Say whether the service is installed and running; exit code 3 when it is not', positionals: [], options: [dataDirOption],
    load: async () => (await import('./service.ts')).status,
  },
  {
    name: 'service run', summary: 'Be the Windows service of the panel; Windows starts this itself', positionals: [],
    options: [...serveOptions.filter(({ key }) => key === 'port' || key === 'host'), dataDirOption],
    load: async () => (await import('./service.ts')).run,
  },
  {
    name: 'doctor', summary: 'Check what the panel needs and say what to do; exit code 1 when something fails', positionals: [],
    options: [...serveOptions.filter(({ key }) => key !== 'demo'), selftest],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'pty-host', summary: 'Hold the shells of a panel, so that they outlive it; the panel starts this itself', positionals: [], options: [dataDirOption],
    load: async () => (await import('./pty-host.ts')).ptyHost,
  },
  {
    name: 'watchdog', summary: 'Revert a change that nobody keeps in time; the panel starts this itself', positionals: ['ID'], options: [dataDirOption],
    load: async () => (await import('./watchdog.ts')).watchdog,
  },
  {
    name: 'program', summary: 'Be the Windows service of a kept program; Windows starts this itself', positionals: ['NAME'], options: [dataDirOption],
    load: async () => (await import('./program.ts')).program,
  },
  {
    name: 'version', summary: 'Print the version', positionals: [], options: place,
    load: async () => (await import('./version.ts')).version,
  },
];
