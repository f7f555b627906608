import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { diagnosticsArchive } from '../core/maintenance/diagnostics.ts';
import { followTask } from '../core/tasks/follow.ts';
import { LOG_PIECE, readTaskLog } from '../core/tasks/log.ts';
import { mayCancel } from '../core/tasks/may-cancel.ts';
import { cancelTask, getTask, listTasks, recentTasks, TASK_SORTS, type TaskRow } from '../core/tasks/tasks.ts';
import { TASK_STATES } from '../db/schema/tasks.ts';
import { allow } from '../http/allow.ts';
import { actorOf } from '../http/actor.ts';
import type { Env } from '../http/env.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../http/list.ts';
import { go, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { TaskListPage } from '../views/tasks/list.tsx';
import { TaskPage, type TaskPageProps } from '../views/tasks/task.tsx';
import { TaskTray } from '../views/tasks/tray.tsx';
import type { Ui } from '../views/ui.ts';

const ListQuery = z.object({ ...listFields(TASK_SORTS, '-createdAt'), state: z.enum(TASK_STATES).optional() });
const StreamQuery = z.object({ offset: z.coerce.number().int().min(0).max(2 ** 40).default(0) });

/** The tray goes on showing what has ended this long ago. */
const RECENT_MS = 30_000;
/** A list is told of changes at most this often. */
const CHANGES_MS = 500;

/**
 * Tasks. The tray polls `/tasks/tray` every two seconds and only while something runs, so that no page holds a second
 * event stream for it (HTTP/1.1 gives a browser six connections); lists and the page of a task have a stream each.
 */
export function tasks(app: App) {
  const r = new Hono<Env>();

  r.get('/tasks', allow('tasks.read'), (c) => {
    const query = readQuery(c, ListQuery);
    const found = listTasks(app, actorOf(c), pageQuery(query), query.state ? [query.state] : []);
    const next = writeCursor(found.next, query.sort);
    return page(c, <TaskListPage ui={uiOf(c)} tasks={found.items} total={found.total} next={next} first={!query.cursor} state={query.state} />);
  });

  r.get('/tasks/tray', allow('tasks.read'), (c) => {
    const actor = actorOf(c);
    return c.html(String(<TaskTray ui={uiOf(c)} tasks={recentTasks(app, actor, app.clock.now() - RECENT_MS)} cancels={(task) => mayCancel(actor, task)} />));
  });

  r.get('/tasks/stream', allow('tasks.read'), (c) =>
    c.get('streams').open(c, (stream) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tell = () => {
        timer = undefined;
        stream.send('changed', JSON.stringify({ running: app.tasks.running() }));
      };
      const off = app.bus.on('tasks.changed', () => void (timer ??= setTimeout(tell, CHANGES_MS)));
      stream.onEnd(() => {
        off();
        clearTimeout(timer);
      });
    }),
  );

  r.get('/tasks/:id', allow('tasks.read'), async (c) => {
    const task = getTask(app, actorOf(c), c.req.param('id'));
    const path = app.tasks.logPath(task.id);
    const { size } = await readTaskLog(path, Number.MAX_SAFE_INTEGER);
    const log = await readTaskLog(path, Math.max(0, size - LOG_PIECE));
    const ui = uiOf(c);
    const archive = ui.can('settings.read') ? archiveOf(app, task.id) : null;
    return page(c, <TaskPage ui={ui} task={task} log={log} archive={archive} cancels={mayCancel(actorOf(c), task)} result={resultOf(ui, task)} />);
  });

  r.get('/tasks/:id/stream', allow('tasks.read'), (c) => {
    const { offset } = readQuery(c, StreamQuery);
    const task = getTask(app, actorOf(c), c.req.param('id'));
    return c.get('streams').open(c, (stream) => {
      const stop = followTask(app, task.id, offset, {
        output: ({ text, next }) => stream.send('output', JSON.stringify({ text, next })),
        state: ({ state, progress }) => stream.send('state', JSON.stringify({ state, progress })),
        end(row) {
          stream.send('end', JSON.stringify({ state: row?.state ?? 'done' }));
          stream.end();
        },
      });
      stream.onEnd(stop);
    });
  });

  r.get('/tasks/:id/log', allow('tasks.read'), (c) => {
    const task = getTask(app, actorOf(c), c.req.param('id'));
    const file = Bun.file(app.tasks.logPath(task.id));
    return new Response(file.size ? file : '', {
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': `attachment; filename="task-${task.id}.log"` },
    });
  });

  r.post('/tasks/:id/cancel', allow('tasks.write'), (c) => {
    const id = c.req.param('id');
    cancelTask(app, actorOf(c), id);
    return go(c, `/tasks/${id}`);
  });

  return r;
}

const IMAGE_KINDS = ['images.build', 'images.push', 'images.pull', 'containers.commit'];
const CONTAINER_KINDS = ['containers.create', 'containers.edit', 'containers.recreate', 'containers.local_only'];
const VOLUME_KINDS = ['volumes.backup', 'volumes.restore', 'volumes.restore_over', 'volumes.clone', 'volumes.import'];

/** The image, container or volume that a task has made, or worked on. */
function resultOf(ui: Ui, { kind, state, params }: TaskRow): TaskPageProps['result'] {
  if (state !== 'done') return null;
  const { showContainer, showVolume } = ui.t.tasks;
  const path = (text: unknown) => encodeURIComponent(String(text));
  if (kind === 'images.load') return ui.can('images.read') ? { href: '/images', label: ui.t.images.toList, icon: 'image' } : null;
  if (IMAGE_KINDS.includes(kind)) return ui.can('images.read') ? { href: `/images/named?reference=${path(params.reference)}`, label: ui.t.imagePush.show, icon: 'image' } : null;
  if (CONTAINER_KINDS.includes(kind)) return ui.can('containers.read') ? { href: `/containers/${path(params.name)}`, label: showContainer, icon: 'container' } : null;
  // A copy is what somebody wants to see, and not what it was made of.
  return VOLUME_KINDS.includes(kind) && ui.can('volumes.read') ? { href: `/volumes/${path(params.to ?? params.name)}`, label: showVolume, icon: 'disk' } : null;
}

const archiveOf = (app: App, id: string) => (diagnosticsArchive(app, id) ? `/settings/diagnostics/${id}` : null);
