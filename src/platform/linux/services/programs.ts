import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program, ProgramPlan, ProgramRestart, ProgramSummary } from '../../programs.ts';
import { environmentLine, readEnvironment, readUnitValue, readUnitWords, unitValue, unitWord } from './unit-text.ts';

export const UNITS = '/etc/systemd/system';
export const SECRETS = '/etc/mantou/programs';

/** First line of a unit that the panel owns; one without it is somebody else's, whatever it is called. */
const HEADER = '# Kept by Mantou, which writes it anew from its page of programs.';

export const programService = (name: string) => `mantou-${name}.service`;
export const programUnitPath = (name: string) => `${UNITS}/${programService(name)}`;
export const programSecretsPath = (name: string) => `${SECRETS}/${name}.env`;

/** The unit of a program. What it is told in its environment stands in a file that only root reads. */
export function programUnit(program: Program): string {
  const { title, argv, user, folder, restart, delay, memory, cpu, tasks } = program;
  const lines = (...pairs: [string, string | null][]) => pairs.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${value}\n`).join('');
  return `${HEADER} Your own settings: systemctl edit ${programService(program.name)}
[Unit]
${lines(['Description', unitValue(title || program.name)], ['After', 'network.target'], ['StartLimitIntervalSec', restart === 'no' ? null : '0'])}
[Service]
Type=exec
${lines(
    ['ExecStart', argv.map(unitWord).join(' ')], ['User', user ? unitValue(user) : null], ['WorkingDirectory', folder ? unitValue(folder) : null],
    ['EnvironmentFile', program.environment.length ? unitValue(programSecretsPath(program.name)) : null],
    ['Restart', restart], ['RestartSec', restart === 'no' ? null : String(delay)],
    ['MemoryMax', memory === null ? null : `${memory}M`], ['CPUQuota', cpu === null ? null : `${cpu}%`], ['TasksMax', tasks === null ? null : String(tasks)],
  )}
[Install]
WantedBy=multi-user.target
`;
}

export const programSecrets = (program: Program) => program.environment.map(({ name, value }) => `${environmentLine(name, value)}\n`).join('');

/** What `programUnit` and `programSecrets` wrote; null: the panel did not. */
export function readProgramUnit(name: string, unit: string, secrets: string, boot: boolean): Program | null {
  if (!unit.startsWith(HEADER)) return null;
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
  const figure = (key: string) => (of(key) === undefined ? null : Number.parseInt(of(key)!, 10));
  return {
    name, title: readUnitValue(of('Description') ?? ''), argv: readUnitWords(of('ExecStart') ?? ''), user: readUnitValue(of('User') ?? ''), folder: readUnitValue(of('WorkingDirectory') ?? ''),
    environment: readEnvironment(secrets), restart: (of('Restart') ?? 'no') as ProgramRestart, delay: figure('RestartSec') ?? 1,
    memory: figure('MemoryMax'), cpu: figure('CPUQuota'), tasks: figure('TasksMax'), boot,
  };
}

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

export function findProgram(name: string): Program | null {
  const unit = read(programUnitPath(name));
  return unit === null ? null : readProgramUnit(name, unit, read(programSecretsPath(name)) ?? '', existsSync(join(UNITS, 'multi-user.target.wants', programService(name))));
}

export function findPrograms(): ProgramSummary[] {
  let names: string[] = [];
  try {
    names = readdirSync(UNITS).flatMap((file) => /^mantou-([a-z0-9-]+)\.service$/.exec(file)?.[1] ?? []);
  } catch {
    // No such folder: then there is none.
  }
  return names.sort().flatMap((name) => {
    const unit = read(programUnitPath(name));
    const program = unit === null ? null : readProgramUnit(name, unit, '', false);
    return program ? [{ name, title: program.title, service: programService(name), argv: program.argv, user: program.user }] : [];
  });
}

/** Is there a unit of that name that the panel did not write? */
export const isForeign = (name: string) => {
  const unit = read(programUnitPath(name));
  return unit !== null && !unit.startsWith(HEADER);
};

export function planProgram(program: Program, exists: boolean): ProgramPlan {
  const service = programService(program.name);
  const secrets = { path: programSecretsPath(program.name), text: program.environment.length ? programSecrets(program) : null, secret: true };
  return {
    files: [...(secrets.text !== null || exists ? [secrets] : []), { path: programUnitPath(program.name), text: programUnit(program), secret: false }],
    commands: ['systemctl daemon-reload', `systemctl ${program.boot ? 'enable' : 'disable'} ${service}`, `systemctl restart ${service}`],
  };
}

export function planRemoval(name: string): ProgramPlan {
  return {
    files: [{ path: programUnitPath(name), text: null, secret: false }, { path: programSecretsPath(name), text: null, secret: true }],
    commands: [`systemctl disable --now ${programService(name)}`, 'systemctl daemon-reload', `systemctl reset-failed ${programService(name)}`],
  };
}
