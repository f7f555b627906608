import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { createContainer, editableContainer, editContainer } from '../../core/containers/spec/create.ts';
import { ContainerInput } from '../../core/containers/spec/input.ts';
import { readRunLine } from '../../core/containers/spec/run-line.ts';
import { asCompose, asRunLine } from '../../core/containers/spec/shown.ts';
import { askDocker } from '../../core/docker/ask.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { formRefusal, readFields } from '../../http/form.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { issueText } from '../../lib/issue.ts';
import { ContainerFormPage, type ContainerFormModel } from '../../views/containers/form.tsx';
import { orAway } from './away.tsx';
import { idOf } from './one.tsx';

const Networks = z.array(z.object({ Name: z.string() }));

/** A new container, and one that is made anew with other settings. */
export function containerForm(app: App) {
  const r = new Hono<Env>();

  const show = async (c: Context<Env>, model: Partial<ContainerFormModel>, status: 200 | 422 = 200) => {
    // Only to choose from: without them a name is typed.
    const networks = await askDocker(app, { path: '/networks' }, Networks).then((all) => all.map(({ Name }) => Name).toSorted(), () => []);
    return page(c, <ContainerFormPage ui={uiOf(c)} model={{ container: null, values: {}, errors: {}, unknown: [], shown: null, ...model, networks }} />, status);
  };

  r.get('/containers/new', allow('containers.admin'), (c) => show(c, {}));

  r.post('/containers/new/from-run', allow('containers.admin'), async (c) => {
    const { line = '' } = await readFields(c);
    const found = readRunLine(line.slice(0, 100_000));
    if (!found) return show(c, { values: { line }, errors: { line: uiOf(c).t.containerForm.notRun } }, 422);
    return show(c, { values: { ...found.fields, line, restart: found.fields.restart ?? 'no' }, unknown: found.unknown });
  });

  const submit = async (c: Context<Env>, container: ContainerFormModel['container'], act: (input: ContainerInput) => Promise<string>) => {
    const { t } = uiOf(c);
    const { step, ...fields } = await readFields(c);
    // A box that is not ticked sends nothing: in the form that is drawn again it is not ticked either.
    const values = { ...fields, start: fields.start ?? '' };
    const parsed = ContainerInput.safeParse(fields);
    if (!parsed.success) {
      const errors: Record<string, string> = {};
      for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? '')] ??= issueText(issue.message, t);
      return show(c, { container, values, errors }, 422);
    }
    if (step === 'show') return show(c, { container, values, shown: { run: asRunLine(parsed.data), compose: asCompose(parsed.data) } });
    try {
      return go(c, `/tasks/${await act(parsed.data)}`);
    } catch (error) {
      return show(c, { container, values, errors: formRefusal(error, { values: {}, errors: {} }, t).errors }, 422);
    }
  };

  r.post('/containers/new', allow('containers.admin'), (c) => submit(c, null, (input) => createContainer(app, actorOf(c), input)));

  r.get('/containers/:id/edit', allow('containers.admin'), (c) =>
    orAway(app, c, async () => {
      const { fields, ...container } = await editableContainer(app, actorOf(c), idOf(c));
      return show(c, { container, values: fields });
    }),
  );

  r.post('/containers/:id/edit', allow('containers.admin'), async (c) => {
    const { fields: _shown, ...container } = await editableContainer(app, actorOf(c), idOf(c));
    return submit(c, container, (input) => editContainer(app, actorOf(c), container.id, input));
  });

  return r;
}
