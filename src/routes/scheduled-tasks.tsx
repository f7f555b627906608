import { Hono, type Context } from 'hono';
import type { App } from '../core/app.ts';
import { changeScheduledTask, listScheduledTasks, ScheduledTaskFilter, ScheduledTaskInput } from '../core/scheduled-tasks/scheduled-tasks.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../http/form.ts';
import { readQuery } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { NoScheduledTasksPage, ScheduledTaskPage, ScheduledTasksPage } from '../views/scheduled-tasks/page.tsx';

/** What Windows runs when it is due. */
export function scheduledTasks(app: App) {
  const r = new Hono<Env>();

  r.get('/scheduled-tasks', allow('scheduled_tasks.read'), async (c) => {
    const ui = uiOf(c);
    const refusal = app.host.scheduledTasks.refusal();
    if (refusal) return page(c, <NoScheduledTasksPage ui={ui} text={refusal(ui.t)} />);
    const query = readQuery(c, ScheduledTaskFilter);
    const { items, total } = await listScheduledTasks(app, actorOf(c), query);
    return page(c, <ScheduledTasksPage ui={ui} items={items} total={total} query={{ q: query.q, system: query.system === 'on' }} />);
  });

  const show = (c: Context<Env>, { path, change }: { path: string; change: (typeof ScheduledTaskInput)['_output']['change'] }, state: FormState) => {
    const task = { path, name: path.slice(path.lastIndexOf('\\') + 1) };
    return page(c, <ScheduledTaskPage ui={uiOf(c)} task={task} change={change} command={app.host.scheduledTasks.command(path, change)} {...state} />, state === emptyForm ? 200 : 422);
  };
  r.get('/scheduled-tasks/change', allow('scheduled_tasks.write'), (c) => show(c, readQuery(c, ScheduledTaskInput), emptyForm));

  r.post('/scheduled-tasks/change', allow('scheduled_tasks.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, ScheduledTaskInput, t);
    if (!form.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
    const { path, change } = form.input;
    try {
      await changeScheduledTask(app, actorOf(c), form.input);
      return formDone(c, { list: '/scheduled-tasks', text: t.scheduledTasks.done[change]({ name: path.slice(path.lastIndexOf('\\') + 1) }) });
    } catch (error) {
      return show(c, form.input, formRefusal(error, form.state, t));
    }
  });

  return r;
}
