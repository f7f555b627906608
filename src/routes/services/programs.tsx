import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ServiceFault } from '../../core/services/change.ts';
import { listPrograms, planProgram, ProgramInput, readProgram, removeProgram, saveProgram, type ProgramState } from '../../core/services/programs.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { go, page } from '../../http/respond.tsx';
import { serviceDone } from '../../http/service-done.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { issueText, say } from '../../lib/issue.ts';
import { shellWord } from '../../lib/shell-word.ts';
import { splitWords } from '../../core/services/kinds.ts';
import { ProgramFormPage, ProgramsPage, RemoveProgramPage, ReviewProgramPage } from '../../views/services/programs.tsx';
import { servicePath } from '../../views/services/paths.ts';

/** A number of a form; an empty field is none. */
const figure = (least: number, most: number, none: boolean) => {
  const message = say(`programs.number.${least}.${most}`, (t) => t.programs.badNumber({ least: String(least), most: String(most) }));
  return z.string().trim().default('').transform((text, ctx) => {
    if (text === '' && none) return null;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
};

const Command = z.string().max(8000).transform((line, ctx) => {
  const found = splitWords(line, process.platform !== 'win32');
  if (Array.isArray(found) && found.length) return found;
  const message = found === null ? say('programs.openQuote', (t) => t.programs.openQuote) : found === 'shell' ? say('programs.needsShell', (t) => t.programs.needsShell) : say('programs.noCommand', (t) => t.programs.noCommand);
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const badVariable = say('programs.badVariable', (t) => t.programs.badVariable);
const Variables = z.string().max(100_000).default('').transform((text, ctx) => {
  const pairs = text.split(/\r?\n/).filter((line) => line.trim());
  const found = pairs.map((line) => ({ name: line.slice(0, Math.max(0, line.indexOf('='))).trim(), value: line.slice(line.indexOf('=') + 1) }));
  if (found.every(({ name }) => /^[A-Za-z_]\w*$/.test(name))) return found;
  ctx.addIssue({ code: 'custom', message: badVariable });
  return z.NEVER;
});

/** The input of core as a form has it: the command as it is typed, variables a line each. */
const Form = z
  .object({
    do: z.enum(['review', 'save', 'back']), name: ProgramInput.shape.name, title: ProgramInput.shape.title, command: Command, user: ProgramInput.shape.user, folder: ProgramInput.shape.folder,
    environment: Variables, restart: ProgramInput.shape.restart, delay: figure(1, 3600, false), memory: figure(4, 16_777_216, true), cpu: figure(1, 100_000, true), tasks: figure(1, 1_000_000, true), boot: z.literal('on').optional(),
    /** Of the one that was opened. */
    seen: z.string().regex(/^[0-9a-f]{64}$/).optional(),
  });

const inputOf = ({ do: _, seen: _seen, command, boot, ...rest }: z.output<typeof Form>) => ProgramInput.safeParse({ ...rest, argv: command, boot: boot === 'on' });

/** One that is there, as the form has it. Secret values are not in it. */
function valuesOf({ program, variables, hash }: ProgramState): Record<string, string> {
  const { memory, cpu, tasks } = program;
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    name: program.name, title: program.title, command: program.argv.map(shellWord).join(' '), user: program.user, folder: program.folder, environment: variables.map(({ name, value }) => `${name}=${value}`).join('\n'),
    restart: program.restart, delay: String(program.delay), memory: text(memory), cpu: text(cpu), tasks: text(tasks), ...(program.boot ? { boot: 'on' } : {}), seen: hash,
  };
}

/** Own commands that the system keeps running. */
export function programs(app: App) {
  const r = new Hono<Env>();
  /** @throws AppError unsupported where programs are not kept */
  const accounts = async () => {
    const { programs: kept } = await app.host.services.about();
    if (!kept) throw new AppError('unsupported', (t) => t.programs.nowhere);
    return kept.accounts;
  };

  r.get('/services/programs', allow('services.inspect'), async (c) => page(c, <ProgramsPage ui={uiOf(c)} about={await app.host.services.about()} programs={await listPrograms(app, actorOf(c))} />));

  r.get('/services/programs/new', allow('services.write'), async (c) => page(c, <ProgramFormPage ui={uiOf(c)} accounts={await accounts()} editing={null} values={{ boot: 'on' }} errors={{}} />));

  const save = async (c: Context<Env>, editing: string | null) => {
    const ui = uiOf(c);
    const among = await accounts();
    const form = await readForm(c, Form, ui.t);
    if (!form.ok) return page(c, <ProgramFormPage ui={ui} accounts={among} editing={editing} {...form.state} />, 422);
    const { values } = form.state;
    const failed = async (error: unknown) => {
      const state = formRefusal(error, form.state, ui.t);
      // Somebody else changed it, and this one was told: from here on it is a decision.
      const seen: Record<string, string> = editing !== null && error instanceof AppError && error.code === 'conflict' ? { seen: (await readProgram(app, actorOf(c), editing)).hash } : {};
      return page(c, <ProgramFormPage ui={ui} accounts={among} editing={editing} values={{ ...state.values, ...seen }} errors={state.errors} />, 422);
    };
    try {
      if (form.input.do === 'back') return page(c, <ProgramFormPage ui={ui} accounts={among} editing={editing} values={values} errors={{}} />);
      const { data: input, error } = inputOf(form.input);
      // Of its single words and variables: the form has one field for all of them.
      if (error) return page(c, <ProgramFormPage ui={ui} accounts={among} editing={editing} values={values} errors={{ [error.issues[0]!.path[0] === 'environment' ? 'environment' : 'command']: issueText(error.issues[0]!.message, ui.t) }} />, 422);
      if (form.input.do === 'review') return page(c, <ReviewProgramPage ui={ui} windows={among !== 'any'} editing={editing} values={values} draft={await planProgram(app, actorOf(c), input, editing, form.input.seen)} />);
      return go(c, servicePath(await saveProgram(app, actorOf(c), input, editing, form.input.seen)));
    } catch (error) {
      // It is written, and its page says why it does not stay up.
      if (error instanceof ServiceFault) return go(c, servicePath(error.row.name));
      return failed(error);
    }
  };

  r.post('/services/programs', allow('services.write'), (c) => save(c, null));

  r.get('/services/programs/:program/edit', allow('services.write'), async (c) => {
    const state = await readProgram(app, actorOf(c), c.req.param('program'));
    return page(c, <ProgramFormPage ui={uiOf(c)} accounts={await accounts()} editing={state.program.name} values={valuesOf(state)} errors={{}} />);
  });

  r.post('/services/programs/:program/edit', allow('services.write'), async (c) => save(c, (await readProgram(app, actorOf(c), c.req.param('program'))).program.name));

  const askRemove = async (c: Context<Env>, state = emptyForm) => {
    const { program } = await readProgram(app, actorOf(c), c.req.param('program')!);
    const { files, commands } = app.host.services.programRemoval(program.name);
    const shown = [...commands.slice(0, 1), ...files.map(({ path }) => `rm ${path}`), ...commands.slice(1)];
    return page(c, <RemoveProgramPage ui={uiOf(c)} name={program.name} commands={shown} errors={state.errors} />, state === emptyForm ? 200 : 422);
  };

  r.get('/services/programs/:program/remove', allow('services.write'), (c) => askRemove(c));

  r.post('/services/programs/:program/remove', allow('services.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, z.object({ confirm: z.string().max(100).default('') }), t);
    const name = c.req.param('program');
    try {
      await removeProgram(app, actorOf(c), name, form.ok ? form.input.confirm : '');
      return serviceDone(c, { page: '/services/programs', text: t.programs.removed({ name }) });
    } catch (error) {
      return askRemove(c, formRefusal(error, form.state, t));
    }
  });

  return r;
}
