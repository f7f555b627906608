import { dirname, join } from 'node:path/win32';
import { AppError } from '../../../lib/errors.ts';
import { parsePublicKey } from '../../../lib/public-key.ts';
import type { AccountsDriver, HostAccount } from '../../accounts.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { SshHostKey, SshPerson, SshServerDriver } from '../../ssh-server.ts';
import { answersAt } from '../../ssh-server/answers.ts';
import { readLines, windowsLayout } from '../../ssh-server/config.ts';
import { WINDOWS_FIELDS } from '../../ssh-server/settings.ts';
import { mayFail } from '../may-fail.ts';
import { createServiceControl, type ServiceControl } from '../services/control.ts';
import { isElevated } from '../security.ts';
import { systemTool } from '../system-tool.ts';
import { checkTexts } from './check.ts';
import { openedPorts, sshServerCommands } from './commands.ts';
import { mustBeOurs, readTexts, sshFolder, type SshFolder } from './files.ts';
import { keysFileOf, type KeysFile } from './keys-file.ts';
import { findSshd, type SshPlace } from './place.ts';

/** dwCurrentState (winsvc.h): starting and running. */
const ACTIVE = [2, 4];

export interface WindowsSshServer {
  exec: Exec;
  registry: RegistryDriver;
  accounts: Pick<AccountsDriver, 'list' | 'keys'>;
  /** `C:\ProgramData` */
  programData: string;
  /** Where texts are put down for sshd to look at: only the panel's account writes there. */
  scratch: () => string;
  folder?: SshFolder;
  control?: Pick<ServiceControl, 'state'>;
  elevated?: () => boolean;
}

/** Where keys of an account are looked for; null: there is no OpenSSH Server. @throws AppError unavailable where its configuration is not to be trusted */
export async function keysFileIn(registry: RegistryDriver, account: HostAccount, programData: string, folder = sshFolder): Promise<KeysFile | null> {
  const layout = windowsLayout(programData);
  if (!(await findSshd(registry))) return null;
  const texts = readTexts(folder, layout);
  // Not started yet: what comes with it will count.
  if (texts.size === 0) return account.admin ? 'shared' : 'own';
  return keysFileOf(readLines(texts, layout), account);
}

/** OpenSSH Server, as Windows brings it. */
export function createWindowsSshServer({ exec, registry, accounts, programData, scratch, folder = sshFolder, control = createServiceControl(), elevated = isElevated }: WindowsSshServer): SshServerDriver {
  const layout = windowsLayout(programData);
  const place = join(programData, 'ssh');
  const tool = (name: string) => systemTool(exec, name);
  /** Its programs are run with all rights of the panel. */
  const find = async () => {
    const found = await findSshd(registry);
    if (found && elevated()) mustBeOurs(folder, dirname(found.sshd));
    return found;
  };

  return {
    layout, fields: WINDOWS_FIELDS, opensPorts: true,
    async read() {
      const found = await find();
      if (!found) return 'notInstalled';
      if (!elevated()) return 'notElevated';
      const texts = readTexts(folder, layout);
      if (texts.size === 0) return 'notStarted';
      const [asked, version, people] = await Promise.all([checkTexts(exec, found.sshd, texts, layout, scratch()), readVersion(exec, found), readPeople(accounts)]);
      const state = control.state('sshd');
      return {
        texts, effective: 'effective' in asked ? asked.effective : null, fault: 'fault' in asked ? asked.fault : '', version, people, hostKeys: readHostKeys(folder, place), selinux: false,
        service: state === null ? null : { kind: 'service', unit: 'sshd', active: ACTIVE.includes(state) },
      };
    },
    async check(texts) {
      const found = await find();
      if (!found) throw new AppError('unsupported', (t) => t.sshServer.away.notInstalled.text);
      return checkTexts(exec, found.sshd, texts, layout, scratch());
    },
    beside: () => [],
    commands: async (service, from, to) => sshServerCommands(tool, service, await openedPorts(registry), from, to),
    async apply(changes, commands) {
      for (const { path, after } of changes) folder.write(path, after);
      for (const argv of commands) {
        const run = runOk(exec, argv, { timeout: 60_000 });
        await (mayFail(argv) ? run.catch(() => '') : run);
      }
    },
    answers: answersAt,
    signIns: async () => null,
  };
}

/** Those that are for people, and not locked; of a domain controller none. */
async function readPeople(accounts: Pick<AccountsDriver, 'list' | 'keys'>): Promise<SshPerson[]> {
  const all = await accounts.list().then((found) => found.accounts, (error: unknown) => {
    if (error instanceof AppError && error.code === 'unsupported') return [];
    throw error;
  });
  const people: SshPerson[] = [];
  for (const account of all.filter(({ system, disabled }) => !system && !disabled)) {
    const admin = account.admin !== null;
    const { keys } = await accounts.keys(account);
    // The group of administrators is called so to sshd in every language.
    people.push({ name: account.name, admin, root: false, keys: keys.length, password: account.password === 'set', groups: [...account.groups, ...(admin ? ['administrators'] : [])] });
  }
  return people;
}

/** `ssh -V` writes `OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2` to its standard error; sshd itself knows no -V before 8.7. */
async function readVersion(exec: Exec, { tool }: SshPlace): Promise<string> {
  const asked = await exec.run([tool('ssh'), '-V'], { timeout: 5000 }).catch(() => null);
  return asked?.stderr.split(',')[0]?.trim() ?? '';
}

const TYPES: Record<string, string> = { 'ssh-ed25519': 'ED25519', 'ssh-rsa': 'RSA', 'ssh-dss': 'DSA' };

/** `ssh_host_ed25519_key.pub` and its like; a HostKey elsewhere is not looked for. */
function readHostKeys({ names, read }: SshFolder, place: string): SshHostKey[] {
  return names(place).filter((name) => /^ssh_host_\w+_key\.pub$/.test(name)).sort().flatMap((name) => {
    const key = parsePublicKey(read(join(place, name)) ?? '');
    return key ? [{ type: TYPES[key.type] ?? 'ECDSA', bits: key.bits ?? 0, fingerprint: key.fingerprint }] : [];
  });
}
