import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { createShownServices } from '../../no-services.ts';
import type { RegistryDriver } from '../../registry.ts';
import { WINDOWS_VERBS, type ServiceLine, type ServicesDriver, type ServiceVerb } from '../../services.ts';
import { PROGRAM_ACCOUNTS, type KeptPrograms } from '../programs/programs.ts';
import type { Fault } from '../powershell/lane.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { ServiceAnswer, ServiceLog, ServicesAnswer } from './answers.ts';
import { detailOf, fold, rowOf, type AllSettings } from './rows.ts';
import { NO_SETTINGS, SERVICES, settingsOf } from './settings.ts';
import { setupCommands, setUpService } from './setup.ts';

type WindowsVerb = (typeof WINDOWS_VERBS)[number];
const isOurs = (verb: ServiceVerb): verb is WindowsVerb => (WINDOWS_VERBS as readonly ServiceVerb[]).includes(verb);

/** What a person would type for the same. */
const COMMANDS: Record<WindowsVerb, (name: string) => string> = {
  start: (name) => `Start-Service -Name ${name}`,
  stop: (name) => `Stop-Service -Name ${name} -Force`,
  restart: (name) => `Restart-Service -Name ${name} -Force`,
  enable: (name) => `Set-Service -Name ${name} -StartupType Automatic`,
  manual: (name) => `Set-Service -Name ${name} -StartupType Manual`,
  disable: (name) => `Set-Service -Name ${name} -StartupType Disabled`,
};

/** Levels of winmeta.xml as those of syslog(3). */
const PRIORITIES: Record<number, number> = { 1: 2, 2: 3, 3: 4, 4: 6, 5: 7 };

const linesOf = ({ lines }: z.output<typeof ServiceLog>): ServiceLine[] =>
  lines.flatMap(({ at, level, from, text }) => (at === null ? [] : { at, priority: PRIORITIES[level] ?? 6, from, text })).reverse();

/** Services of Windows: how they are from PowerShell, how they are set up from the registry. */
export function createWindowsServices(shell: PowerShell, registry: RegistryDriver, pids: readonly number[] = [process.pid, process.ppid], programs: KeptPrograms | null = null): ServicesDriver {
  let own: string | null = null;
  const missing = () => shell.missing() !== null;
  const read = (path: string) => registry.read({ path, view: 64 }).catch(() => null);
  const settings = async (name: string) => settingsOf(await read(`${SERVICES}\\${name}`));

  async function all(): Promise<AllSettings> {
    const names = (await read(SERVICES))?.keys ?? [];
    return new Map(await Promise.all(names.map(async (name) => [name, await settings(name)] as const)));
  }

  const shown = createShownServices(() => ({ system: 'windows', away: missing() ? 'no-powershell' : null, verbs: missing() ? [] : WINDOWS_VERBS, units: false, programs: programs ? { accounts: PROGRAM_ACCOUNTS } : null }));
  return {
    ...shown,
    ...programs?.driver,
    own: () => own,
    async list() {
      if (missing()) return [];
      const { services } = await shell.call('services.ps1', 'list', {}, ServicesAnswer);
      return Promise.all(services.map(async (said) => rowOf(said, await settings(said.name))));
    },
    async one(name) {
      // A backslash would name a key within the service's.
      if (missing() || name.includes('\\')) return null;
      const said = await shell.call('services.ps1', 'one', { name }, ServiceAnswer).then(({ services }) => services[0]!, nothingIfGone);
      if (!said) return null;
      // The panel itself, or what keeps it running as a service.
      const isOwn = said.pid !== 0 && pids.includes(said.pid);
      if (isOwn) own = said.name;
      const known = await all();
      const mine = [...known].find(([each]) => fold(each) === fold(said.name))?.[1] ?? NO_SETTINGS;
      return detailOf(said, mine, known, isOwn);
    },
    async log(name, lines) {
      const kept = programs?.log(name, lines);
      if (kept) return kept;
      if (missing()) return null;
      // A log that may not be read, or takes too long, is no reason to show nothing of the service.
      return shell.call('services.ps1', 'log', { name, most: lines, patience: 10_000 }, ServiceLog).then(linesOf, () => null);
    },
    setupCommands,
    setUp: (name, setup, secret) => setUpService(shell, name, setup, secret),
    commands: (name, verb) => (isOurs(verb) ? [COMMANDS[verb](quoted(name))] : []),
    async change(name, verb) {
      if (!isOurs(verb)) throw new AppError('unsupported', (t) => t.services.notHere);
      await shell.call('services.ps1', verb, { name }, z.object({})).catch((error: unknown) => {
        throw verb === 'start' || verb === 'restart' ? startError(error) : error;
      });
    },
  };
}

function nothingIfGone(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null;
  throw error;
}

/** "File not found" at a start is said of the service's program: the service is there, and did not come up. */
function startError(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'not_found') return error;
  const native = (error.cause as Fault | undefined)?.native;
  return native === 2 || native === 3 ? new AppError('unavailable', error.say, { ...(error.detail ? { detail: error.detail } : {}), cause: error }) : error;
}
