import { readFileSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import { Mutex } from '../../../lib/mutex.ts';
import { shellWord } from '../../../lib/shell-word.ts';
import type { Exec } from '../../exec.ts';
import { NO_SERVICE_SETUP } from '../../no-services.ts';
import { SYSTEMD_VERBS, type ServicesDriver, type ServiceVerb } from '../../services.ts';
import { parseCgroup } from '../processes/stat.ts';
import { journalOf } from './journal.ts';
import { createServiceList } from './list.ts';
import { readService, SERVICE_NAME, withText } from './one.ts';
import { displace, place } from './place.ts';
import { findProgram, findPrograms, isForeign, planProgram, planRemoval, programSecrets, programSecretsPath, programService, programUnit, programUnitPath } from './programs.ts';
import { createSystemctl, type Systemctl } from './systemctl.ts';
import { listTimers, TIMER_NAME } from './timers.ts';
import { createUnitFiles, templateOf } from './unit-files.ts';
import { verifyUnit } from './verify.ts';

const overridePath = (name: string) => `/etc/systemd/system/${name}.d/override.conf`;
const argv = (verb: ServiceVerb, name: string, own: string | null) => [verb === 'reset' ? 'reset-failed' : verb, ...(name === own && (verb === 'stop' || verb === 'restart') ? ['--no-block'] : []), '--', name];
const line = (words: readonly string[]) => ['systemctl', ...words.filter((word) => word !== '--')].map(shellWord).join(' ');

/** Services as systemd runs them, through systemctl(1); each change is one at a time. */
export function createSystemd(exec: Exec, systemctl: Systemctl = createSystemctl(exec)): ServicesDriver {
  const files = createUnitFiles();
  const list = createServiceList(systemctl, files);
  const changing = new Mutex();
  const one = (name: string) => readService(systemctl, name, files);
  const own = ownService();
  const needName = (name: string, pattern = SERVICE_NAME) => {
    if (!pattern.test(name)) throw new AppError('not_found', (t) => t.services.gone({ name }));
  };
  return {
    about: async () => ({ system: 'systemd', away: exec.which('systemctl') ? null : 'no-tool', verbs: SYSTEMD_VERBS, units: true, programs: { accounts: 'any' } }),
    own: () => own,
    list,
    one,
    async files(name) {
      const found = await one(name);
      return found?.files.map(withText) ?? [];
    },
    log: async (name, lines, latest) => (SERVICE_NAME.test(name) ? journalOf(exec, name, lines, latest) : null),
    ...NO_SERVICE_SETUP,
    commands: (name, verb) => [line(argv(verb, name, own))],
    async change(name, verb) {
      needName(name);
      await changing.run('systemd', () => systemctl.tell(argv(verb, name, own)));
    },

    override: async (name) => {
      needName(name);
      return withTextOf(overridePath(name));
    },
    async checkOverride(name, text) {
      needName(name);
      const all = files();
      const path = (await one(name))?.files.find(({ kind }) => kind === 'unit')?.path ?? all.get(name)?.path ?? all.get(templateOf(name) ?? '')?.path ?? null;
      return verifyUnit(exec, { name, path, text: null }, text);
    },
    overrideCommands: (name, text) => [text === null ? `rm ${shellWord(overridePath(name))}` : `tee ${shellWord(overridePath(name))}`, 'systemctl daemon-reload'],
    async writeOverride(name, text) {
      needName(name);
      await changing.run('systemd', async () => {
        if (text === null) await displace(overridePath(name), true);
        else await place(overridePath(name), text, 0o644);
        await systemctl.tell(['daemon-reload']);
      });
    },

    timers: () => listTimers(systemctl, files),
    timerCommands: (name, on) => [line([on ? 'enable' : 'disable', '--now', name])],
    async changeTimer(name, on) {
      needName(name, TIMER_NAME);
      await changing.run('systemd', () => systemctl.tell([on ? 'enable' : 'disable', '--now', '--', name]));
    },

    programs: async () => findPrograms(),
    program: async (name) => findProgram(name),
    programService,
    programTaken: async (name) => (await one(programService(name))) !== null,
    programPlan: planProgram,
    checkProgram: (program) => verifyUnit(exec, { name: programService(program.name), path: null, text: programUnit(program) }, null),
    async writeProgram(program, exists) {
      const { name } = program;
      if (isForeign(name)) throw new AppError('conflict', (t) => t.programs.foreign({ path: programUnitPath(name) }), { field: 'name' });
      await changing.run('systemd', async () => {
        if (program.environment.length) await place(programSecretsPath(name), programSecrets(program), 0o600);
        else if (exists) await displace(programSecretsPath(name));
        await place(programUnitPath(name), programUnit(program), 0o644);
        await systemctl.tell(['daemon-reload']);
        await systemctl.tell([program.boot ? 'enable' : 'disable', '--', programService(name)]);
        await systemctl.tell(['restart', '--', programService(name)]);
      });
    },
    programRemoval: planRemoval,
    async removeProgram(name) {
      if (isForeign(name)) throw new AppError('conflict', (t) => t.programs.foreign({ path: programUnitPath(name) }));
      await changing.run('systemd', async () => {
        await systemctl.tell(['disable', '--now', '--', programService(name)]);
        await displace(programUnitPath(name));
        await displace(programSecretsPath(name));
        await systemctl.tell(['daemon-reload']);
        // It is none that has failed any more; that there is nothing to forget is no fault.
        await systemctl.tell(['reset-failed', '--', programService(name)]).catch(() => {});
      });
    },
  };
}

/** The unit that this process runs in. */
function ownService(): string | null {
  try {
    return parseCgroup(readFileSync('/proc/self/cgroup', 'utf8')).service;
  } catch {
    return null;
  }
}

function withTextOf(path: string) {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || (cause as NodeJS.ErrnoException).code === 'ENOTDIR') return { path, text: null };
    throw new AppError('denied', (t) => t.services.mayNot, { cause, detail: (cause as Error).message });
  }
}
