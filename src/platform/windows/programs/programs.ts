import { existsSync, statSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { Program, ProgramPlan } from '../../programs.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { ProgramsDriver, ServiceLine } from '../../services.ts';
import { createServiceControl, type ServiceControl, type ServiceSetup } from '../services/control.ts';
import { stopService } from '../services/stop.ts';
import { systemTool } from '../system-tool.ts';
import { windowsWord } from '../words.ts';
import { lastOutput } from './output.ts';
import { environmentText, programNames, programPlaces, programService, readProgram, removeProgramFiles, serviceSid, settingsText, writeProgramFiles } from './files.ts';

/** Accounts that services have without a password. `VirtualAccount` is one of the service's own, with the rights of a user. */
export const PROGRAM_ACCOUNTS = ['LocalService', 'NetworkService', 'VirtualAccount'] as const;

export interface ProgramsHome {
  /** Programs lie in it, a folder each. */
  folder: string;
  /** How the program's host is called. */
  command(...words: string[]): readonly string[];
  /** Sees to it that what `command` calls is there. */
  place(): void;
  dataDir: string;
}

export interface KeptPrograms {
  driver: ProgramsDriver;
  /** What a program of that service wrote last, oldest first; null: the service is none. */
  log(service: string, lines: number): ServiceLine[] | null;
}

function accountOf({ name, user }: Program): string {
  if (user === '') return 'LocalSystem';
  return user === 'VirtualAccount' ? `NT SERVICE\\${programService(name)}` : `NT AUTHORITY\\${user}`;
}

/**
 * Commands that Windows keeps running as services. The service is the panel's own executable as the program's host
 * (program-host/), because only what speaks with the service control manager can be one; it holds no policy: whether the
 * program is started again is the manager's, as for every other service.
 */
export function createWindowsPrograms(exec: Exec, registry: RegistryDriver, home: ProgramsHome, control: ServiceControl = createServiceControl()): KeptPrograms {
  const setupOf = (program: Program): ServiceSetup => ({
    name: programService(program.name), title: program.title || program.name, description: 'Kept running by Mantou',
    command: home.command('program', program.name, '--data-dir', home.dataDir).map(windowsWord).join(' '), account: accountOf(program), boot: program.boot,
    again: program.restart === 'no' ? null : program.delay * 1000,
  });

  function grants(name: string): string[][] {
    const { own, log, older } = programPlaces(home.folder, name);
    const sid = `*${serviceSid(programService(name))}`;
    return [[own, '/grant:r', `${sid}:(OI)(CI)RX`], ...[log, older].map((path) => [path, '/grant:r', `${sid}:(RX,W)`])];
  }

  async function bootOf(name: string, otherwise: boolean): Promise<boolean> {
    const key = await registry.read({ path: `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\${programService(name)}`, view: 64 }).catch(() => null);
    const start = key?.values.find((value) => value.name.toLowerCase() === 'start')?.bytes;
    return start && start.length >= 4 ? Buffer.from(start).readUInt32LE(0) === 2 : otherwise;
  }

  const driver: ProgramsDriver = {
    programService,
    async programs() {
      return programNames(home.folder).flatMap((name) => {
        const program = readProgram(home.folder, name);
        return program ? { name, title: program.title, service: programService(name), argv: program.argv, user: program.user } : [];
      });
    },
    async program(name) {
      const found = readProgram(home.folder, name);
      // Somebody may have changed it by the page of services.
      return found && { ...found, boot: await bootOf(name, found.boot) };
    },
    programTaken: async (name) => control.state(programService(name)) !== null,
    async checkProgram({ argv, folder, user }) {
      const [program = ''] = argv;
      if (!/\.(exe|com)$/i.test(program)) throw new AppError('invalid', (t) => t.programs.notExecutable({ name: program }), { field: 'command' });
      if (!existsSync(program)) throw new AppError('invalid', (t) => t.programs.notFound({ name: program }), { field: 'command' });
      if (folder && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new AppError('invalid', (t) => t.programs.noFolder({ path: folder }), { field: 'folder' });
      if (user && !(PROGRAM_ACCOUNTS as readonly string[]).includes(user)) throw new AppError('invalid', (t) => t.programs.badServiceAccount({ names: PROGRAM_ACCOUNTS.join(', ') }), { field: 'user' });
      return [];
    },
    programPlan(program): ProgramPlan {
      const { settings, environment } = programPlaces(home.folder, program.name);
      return { files: [{ path: environment, text: environmentText(program), secret: true }, { path: settings, text: settingsText(program), secret: false }], commands: shown(setupOf(program), grants(program.name)) };
    },
    async writeProgram(program, exists) {
      const setup = setupOf(program);
      if (!exists && control.state(setup.name) !== null) throw new AppError('conflict', (t) => t.programs.serviceTaken({ name: setup.name }), { field: 'name' });
      home.place();
      // Nothing runs while its files change, and the next start reads the new ones.
      await stopService(exec, control, setup.name);
      writeProgramFiles(home.folder, program);
      try {
        control.put(setup, !exists);
      } catch (error) {
        if (!exists) removeProgramFiles(home.folder, program.name);
        throw error;
      }
      for (const words of grants(program.name)) await runOk(exec, [systemTool(exec, 'icacls'), ...words], { timeout: 20_000 });
      await runOk(exec, [systemTool(exec, 'sc'), 'start', setup.name], { timeout: 60_000 });
    },
    programRemoval(name): ProgramPlan {
      const { settings, environment, log, older } = programPlaces(home.folder, name);
      return { files: [settings, environment, log, older].map((path) => ({ path, text: null, secret: false })), commands: [`sc.exe stop ${programService(name)}`, `sc.exe delete ${programService(name)}`] };
    },
    async removeProgram(name) {
      const service = programService(name);
      await stopService(exec, control, service);
      control.remove(service);
      removeProgramFiles(home.folder, name);
    },
  };
  return {
    driver,
    log(service, lines) {
      const name = programNames(home.folder).find((each) => programService(each) === service.toLowerCase());
      return name === undefined ? null : lastOutput(programPlaces(home.folder, name).log, lines);
    },
  };
}

/** What a person would type for the same. */
function shown({ name, title, command, account, boot, again }: ServiceSetup, grants: readonly string[][]): string[] {
  const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
  return [
    `sc.exe create ${name} start= ${boot ? 'auto' : 'demand'} obj= ${quoted(account)} DisplayName= ${quoted(title)} binPath= ${quoted(command)}`,
    again === null ? `sc.exe failure ${name} reset= 0 actions= ""` : `sc.exe failure ${name} reset= 86400 actions= restart/${again}`,
    `sc.exe failureflag ${name} 1`,
    `sc.exe sidtype ${name} unrestricted`,
    ...grants.map(([path, ...words]) => `icacls.exe ${quoted(path!)} ${words.join(' ')}`),
    `sc.exe start ${name}`,
  ];
}
