import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ContainerId } from '../../core/containers/container.ts';
import { checkTask, startCheck } from '../../core/containers/updates/check.ts';
import { scheduleOf } from '../../core/containers/updates/schedule.ts';
import { SkipInput, skipVersion } from '../../core/containers/updates/skip.ts';
import { chooseAutomatic, updateContainers, UpdateInput, updateTask } from '../../core/containers/updates/update.ts';
import { listUpdates, matchesUpdate, UpdateFilter } from '../../core/containers/updates/updates.ts';
import { readEngine } from '../../core/docker/engine.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { readBody } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { ContainerUpdatesPage } from '../../views/containers/updates/page.tsx';

const LIST = '/containers/updates';
const words = (value: unknown): string[] => [value ?? []].flat().map(String);
/** `one` is of a row, `ids` are what is ticked. */
const UpdateForm = z
  .object({ one: ContainerId.optional(), ids: z.preprocess(words, z.array(ContainerId).max(500)) })
  .transform(({ one, ids }) => ({ ids: one ? [one] : ids }))
  .pipe(UpdateInput);

/** "redis:7 sha256:…": what is skipped, or not any longer. */
const version = z.string().max(700).transform((text) => ({ reference: text.split(' ')[0], digest: text.split(' ')[1] }));
const SkipForm = z
  .object({ skip: version.optional(), unskip: version.optional() })
  .transform(({ skip, unskip }) => ({ ...(skip ?? unskip), skip: skip !== undefined }))
  .pipe(SkipInput);

const AutomaticForm = z.object({ on: ContainerId.optional(), off: ContainerId.optional() }).transform(({ on, off }) => ({ id: on ?? off ?? '', automatic: on !== undefined }));

/** Whether there are newer images for the containers, and what is done about it. */
export function containerUpdates(app: App) {
  const r = new Hono<Env>();
  const form = async <S extends z.ZodType>(c: Context<Env>, schema: S) => accept(schema, await readBody(c, { all: true }), 'body');

  r.get(LIST, allow('containers.read'), async (c) => {
    const query = readQuery(c, UpdateFilter);
    const engine = await readEngine(app);
    const all = (engine.up ? await listUpdates(app, actorOf(c)) : []).filter((one) => matchesUpdate(one, { q: query.q }));
    const count = (state?: string) => all.filter((one) => !state || one.state === state).length;
    const model = {
      engine, query, shown: all.filter((one) => matchesUpdate(one, query)),
      counts: { all: count(), newer: count('newer'), current: count('current'), skipped: count('skipped'), unknown: count('unknown') },
      checkedAt: Math.max(0, ...all.map(({ checkedAt }) => checkedAt ?? 0)) || null,
      checking: checkTask(app), updating: updateTask(app), schedule: scheduleOf(app), automatic: getSetting(app, 'containerUpdates'),
    };
    return page(c, <ContainerUpdatesPage ui={uiOf(c)} model={model} />);
  });

  r.post('/containers/updates/check', allow('containers.write'), (c) =>
    formDone(c, { list: LIST, task: startCheck(app, actorOf(c)), text: uiOf(c).t.containerUpdates.checkStarted }),
  );

  r.post('/containers/updates/update', allow('containers.admin'), async (c) => {
    const { ids } = await form(c, UpdateForm);
    const { t } = uiOf(c);
    const task = await updateContainers(app, actorOf(c), { ids });
    return formDone(c, { list: LIST, page: `/tasks/${task}`, task, text: t.containerUpdates.updateStarted({ n: ids.length }) });
  });

  r.post('/containers/updates/skip', allow('containers.write'), async (c) => {
    const input = await form(c, SkipForm);
    const t = uiOf(c).t.containerUpdates;
    skipVersion(app, actorOf(c), input);
    return formDone(c, { list: LIST, text: input.skip ? t.skipped(input) : t.unskipped(input) });
  });

  r.post('/containers/updates/automatic', allow('containers.admin'), async (c) => {
    const input = await form(c, AutomaticForm);
    const t = uiOf(c).t.containerUpdates;
    const name = await chooseAutomatic(app, actorOf(c), input);
    const text = input.automatic ? t.automaticChosen({ name }) : t.automaticNotChosen({ name });
    return formDone(c, { list: LIST, text, ...(input.automatic && !getSetting(app, 'containerUpdates') ? { tone: 'warn' as const, text: `${text}. ${t.automaticOffNote}` } : {}) });
  });

  return r;
}
