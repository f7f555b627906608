import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { Mutex } from '../../lib/mutex.ts';
import { hashOf } from '../../lib/text-hash.ts';
import { PROGRAM_RESTARTS, type Program, type ProgramPlan, type ProgramSummary } from '../../platform/programs.ts';
import type { UnitFault } from '../../platform/services.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { recorded } from '../audit/recorded.ts';
import { HIDDEN, hideWords, variablesOf, type Variable } from '../containers/redact.ts';
import { settled, withoutTool } from './change.ts';

/** U+2028 and U+2029 are line breaks to some readers, and not to others. */
const plain = /^[^\x00-\x1f\x7f\u2028\u2029]*$/;
const oneLine = say('programs.oneLine', (t) => t.programs.oneLine);

export const ProgramName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, say('programs.badName', (t) => t.programs.badName));
const Word = z.string().max(4000).regex(plain, oneLine);
const limit = (least: number, most: number) => z.number().int().min(least).max(most).nullable().default(null);

/** A program, as the form and the API give it: its first word may be a name that is looked for in the system's folders. */
export const ProgramInput = z.strictObject({
  name: ProgramName,
  // A backslash at the end would swallow the setting below.
  title: z.string().trim().max(200).regex(plain, oneLine).regex(/(^|[^\\])$/, say('programs.backslash', (t) => t.programs.backslash)).default(''),
  argv: z.array(Word).min(1, say('programs.noCommand', (t) => t.programs.noCommand)).max(200),
  user: z.string().max(32).regex(/^([A-Za-z_][\w.-]*\$?)?$/, say('programs.badUser', (t) => t.programs.badUser)).default(''),
  folder: z.string().max(1000).regex(/^(\/|\/[^\x00-\x1f\x7f\u2028\u2029]*[^\\\x00-\x1f\x7f\u2028\u2029]|[A-Za-z]:\\[^\x00-\x1f\x7f\u2028\u2029]*)?$/, say('programs.badFolder', (t) => t.programs.badFolder)).default(''),
  environment: z.array(z.strictObject({ name: z.string().max(200).regex(/^[A-Za-z_]\w*$/, say('programs.badVariable', (t) => t.programs.badVariable)), value: z.string().max(20_000).regex(plain, oneLine) })).max(200).default([]),
  restart: z.enum(PROGRAM_RESTARTS).default('always'),
  delay: z.number().int().min(1).max(3600).default(3),
  memory: limit(4, 16_777_216),
  cpu: limit(1, 100_000),
  tasks: limit(1, 1_000_000),
  boot: z.boolean().default(true),
});
type Input = z.output<typeof ProgramInput>;

/** @throws AppError denied */
export async function listPrograms(app: App, actor: Actor): Promise<(ProgramSummary & { state: string; word: string; pid: number | null; memory: number | null })[]> {
  need(actor, 'services.inspect');
  const programs = await app.host.services.programs();
  if (programs.length === 0) return [];
  // Programs are read from their files: where the tool that tells how services are fails, they are there all the same.
  const rows = new Map((await app.host.services.list().catch(withoutTool([]))).map((row) => [row.name, row]));
  return programs.map((program) => {
    const row = rows.get(program.service);
    return { ...program, argv: hideWords(program.argv), state: row?.state ?? 'unknown', word: row?.word ?? '', pid: row?.pid ?? null, memory: row?.memory ?? null };
  });
}

export interface ProgramState {
  program: Program;
  /** Without secret values. */
  variables: Variable[];
  /** Names what was seen: a change that is based on it is a conflict when there is another one by now. */
  hash: string;
}

const shownVariables = ({ environment }: Program) => variablesOf(environment.map(({ name, value }) => `${name}=${value}`));
const programHash = (program: Program) => hashOf(JSON.stringify(program));

/** @throws AppError denied, not_found */
export async function readProgram(app: App, actor: Actor, name: string): Promise<ProgramState> {
  need(actor, 'services.write');
  const program = ProgramName.safeParse(name).success ? await app.host.services.program(name) : null;
  if (!program) throw new AppError('not_found', (t) => t.programs.gone({ name: name.slice(0, 40) }));
  return { program, variables: shownVariables(program), hash: programHash(program) };
}

/** A program that the system would not take. */
export class ProgramFault extends AppError {
  constructor(readonly faults: readonly UnitFault[]) {
    const text = faults.map((fault) => fault.text).join('\n');
    super('invalid', (t) => t.programs.refused({ text }), { field: 'command' });
  }
}

export interface ProgramDraft {
  program: Program;
  plan: ProgramPlan;
  before: Program | null;
}

/**
 * What would be written and run.
 * @param editing the name of the one that is changed; null: a new one
 * @param seen hash of the one that was opened
 * @throws ProgramFault; AppError denied, invalid, conflict (the name is taken, or somebody else changed it meanwhile), unsupported
 */
export async function planProgram(app: App, actor: Actor, input: Input, editing: string | null, seen?: string): Promise<ProgramDraft> {
  need(actor, 'services.write');
  const { services } = app.host;
  if (!(await services.about()).programs) throw new AppError('unsupported', (t) => t.services.notHere);
  const before = await services.program(input.name);
  if (editing === null && (before || (await services.programTaken(input.name)))) throw new AppError('conflict', (t) => t.programs.taken({ name: input.name }), { field: 'name' });
  if (editing !== null && (editing !== input.name || !before)) throw new AppError('not_found', (t) => t.programs.gone({ name: editing }));
  if (before && seen !== undefined && seen !== programHash(before)) throw new AppError('conflict', (t) => t.system.changedMeanwhile);
  // `C:\\shop` is no folder of a Linux, nor `/srv/shop` of Windows.
  if (input.folder && !isAbsolute(input.folder)) throw new AppError('invalid', (t) => t.programs.badFolder, { field: 'folder' });
  const program: Program = { ...input, argv: [programPath(app, input.argv[0]!), ...input.argv.slice(1)], environment: input.environment.map((one) => kept(one, before)) };
  const faults = await services.checkProgram(program);
  if (faults.length) throw new ProgramFault(faults);
  return { program, before, plan: services.programPlan(program, before !== null) };
}

/** A value that was not shown, and came back as it was, stays. @throws AppError invalid: nobody knows what the hidden part of another one is */
function kept({ name, value }: { name: string; value: string }, before: Program | null) {
  if (!value.includes(HIDDEN)) return { name, value };
  const at = before?.environment.findIndex((each) => each.name === name) ?? -1;
  if (!before || at < 0 || shownVariables(before)[at]!.value !== value) throw new AppError('invalid', (t) => t.programs.hiddenChanged({ name }), { field: 'environment' });
  return { name, value: before.environment[at]!.value };
}

/** @throws AppError invalid: services know no search path of a shell */
function programPath(app: App, word: string): string {
  const path = isAbsolute(word) ? word : app.host.kind === 'fake' ? `/usr/bin/${word}` : app.exec.which(word);
  if (!path || (!isAbsolute(word) && word.includes('/')) || path.includes('$')) throw new AppError('invalid', (t) => t.programs.notFound({ name: word }), { field: 'command' });
  return path;
}

const writing = new Mutex();

/**
 * Writes it and starts it.
 * @param seen hash of the one that was opened; undefined: nobody looked (a program)
 * @throws ProgramFault, ServiceFault when it does not stay up (it is written then); AppError, conflict when somebody else changed it meanwhile
 */
export async function saveProgram(app: App, actor: Actor, input: Input, editing: string | null, seen?: string): Promise<string> {
  need(actor, 'services.write');
  return writing.run(input.name, () => save(app, actor, input, editing, seen));
}

async function save(app: App, actor: Actor, input: Input, editing: string | null, seen?: string): Promise<string> {
  const { program, before, plan } = await planProgram(app, actor, input, editing, seen);
  const service = app.host.services.programService(program.name);
  const entry = {
    action: before ? 'services.program_change' : 'services.program_add', target: program.name, commands: [...plan.files.map(({ path, text }) => (text === null ? `rm ${path}` : `tee ${path}`)), ...plan.commands],
    params: { command: hideWords(program.argv).join(' ').slice(0, 500), user: program.user, variables: program.environment.map(({ name }) => name) },
  };
  try {
    await recorded(app, actor, entry, () => settled(app, service, 'restart', () => app.host.services.writeProgram(program, before !== null)));
  } finally {
    app.bus.emit('services.changed', {});
  }
  return service;
}

/** Stops it and takes its files away. @throws AppError denied, not_found, invalid (its name was not typed) */
export async function removeProgram(app: App, actor: Actor, name: string, confirm: string): Promise<void> {
  const { program } = await readProgram(app, actor, name);
  if (confirm.trim() !== program.name) throw new AppError('invalid', (t) => t.services.typeName({ name: program.name }), { field: 'confirm' });
  const { files, commands } = app.host.services.programRemoval(program.name);
  const entry = { action: 'services.program_remove', target: program.name, commands: [...commands.slice(0, 1), ...files.map(({ path }) => `rm ${path}`), ...commands.slice(1)] };
  try {
    await writing.run(program.name, () => recorded(app, actor, entry, () => app.host.services.removeProgram(program.name)));
  } finally {
    app.bus.emit('services.changed', {});
  }
}
