import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { testEndpoint } from '../../core/docker/endpoints/use.ts';
import { connectSshHost } from '../../core/terminal/ssh-hosts/connect.ts';
import { HostKeyInput, SshHostInput } from '../../core/terminal/ssh-hosts/host-input.ts';
import { addSshHost, changeSshHost, getSshHost, listSshHosts, removeSshHost, type SshHost } from '../../core/terminal/ssh-hosts/hosts.ts';
import { lookAtHostKey, pinHostKey } from '../../core/terminal/ssh-hosts/keys.ts';
import { terminalTitle } from '../../core/terminal/terminals.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { check, emptyForm, formRefusal, readFields, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { SshHostPage, valuesOf } from '../../views/terminal/ssh-hosts/form.tsx';
import { HostKeyPage } from '../../views/terminal/ssh-hosts/key.tsx';
import { answered, Room } from './terminal.tsx';

const id = z.uuid().or(z.literal('')).default('');
/** What goes on once a key is pinned: a terminal, or a container engine that is reached by this host. */
const Next = z.object({ for: id, engine: id });
type Next = z.output<typeof Next>;

/** Other machines that terminals are opened on, and the keys that they are known by. */
export function sshHosts(app: App) {
  const r = new Hono<Env>();

  const showForm = (c: Context<Env>, host: SshHost | null, state: FormState, { status = 200 as 200 | 422, done = false } = {}) =>
    page(c, <SshHostPage ui={uiOf(c)} host={host} hosts={listSshHosts(app, actorOf(c))} {...state} done={done} />, status);

  r.get('/terminal/hosts/new', allow('terminal.open'), (c) => showForm(c, null, emptyForm));

  r.post('/terminal/hosts', allow('terminal.open'), async (c) => {
    const form = await readForm(c, SshHostInput, uiOf(c).t);
    if (!form.ok) return showForm(c, null, form.state, { status: 422 });
    try {
      addSshHost(app, actorOf(c), form.input);
    } catch (error) {
      return showForm(c, null, formRefusal(error, form.state, uiOf(c).t), { status: 422 });
    }
    return c.redirect('/terminal', 303);
  });

  r.get('/terminal/hosts/:id', allow('terminal.open'), (c) => {
    const host = getSshHost(app, actorOf(c), c.req.param('id'));
    return showForm(c, host, { values: valuesOf(host), errors: {} }, { done: c.req.query('done') === 'saved' });
  });

  r.post('/terminal/hosts/:id', allow('terminal.open'), async (c) => {
    const host = getSshHost(app, actorOf(c), c.req.param('id'));
    const form = await readForm(c, SshHostInput, uiOf(c).t);
    if (!form.ok) return showForm(c, host, form.state, { status: 422 });
    try {
      changeSshHost(app, actorOf(c), host.id, form.input);
    } catch (error) {
      return showForm(c, host, formRefusal(error, form.state, uiOf(c).t), { status: 422 });
    }
    return c.redirect(`/terminal/hosts/${host.id}?done=saved`, 303);
  });

  r.post('/terminal/hosts/:id/remove', allow('terminal.open'), (c) => {
    const host = getSshHost(app, actorOf(c), c.req.param('id'));
    try {
      removeSshHost(app, actorOf(c), host.id);
    } catch (error) {
      return showForm(c, host, formRefusal(error, { values: valuesOf(host), errors: {} }, uiOf(c).t), { status: 422 });
    }
    return c.redirect('/terminal', 303);
  });

  const keyPath = (id: string, next: Partial<Next>) => {
    const query = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''));
    return `/terminal/hosts/${id}/key${query.size ? `?${query}` : ''}`;
  };

  const connect = async (c: Context<Env>, id: string, room: z.output<typeof Room>) => {
    const found = await connectSshHost(app, actorOf(c), id, room);
    if ('keyOf' in found) return { to: keyPath(found.keyOf, { for: id }), body: { to: keyPath(found.keyOf, { for: id }) } };
    const { terminal } = found;
    return { to: `/terminal?id=${terminal.id}`, body: { id: terminal.id, title: terminalTitle(terminal) } };
  };

  r.post('/terminal/hosts/:id/connect', allow('terminal.open'), (c) => answered(c, async () => connect(c, c.req.param('id'), check(Room, await readFields(c)))));

  /** What a person has agreed to is tried at once; another key on the way is asked about next. */
  const engineBy = async (c: Context<Env>, engine: string) => {
    const { keyOf } = await testEndpoint(app, actorOf(c), engine);
    return keyOf ? keyPath(keyOf, { engine }) : '/docker#endpoints';
  };

  const showKey = (c: Context<Env>, id: string, next: Next, state: FormState = emptyForm) => {
    const actor = actorOf(c);
    const failed = Object.keys(state.errors).length > 0;
    return page(c, <HostKeyPage ui={uiOf(c)} host={getSshHost(app, actor, id)} next={next.for ? getSshHost(app, actor, next.for) : null} engine={next.engine} {...state} />, failed ? 422 : 200);
  };

  r.get('/terminal/hosts/:id/key', allow('terminal.open'), (c) => showKey(c, c.req.param('id'), readQuery(c, Next)));

  r.post('/terminal/hosts/:id/look', allow('terminal.open'), async (c) => {
    const id = c.req.param('id');
    const next = check(Next, await readFields(c));
    await lookAtHostKey(app, actorOf(c), id);
    return c.redirect(keyPath(id, next), 303);
  });

  r.post('/terminal/hosts/:id/key', allow('terminal.open'), async (c) => {
    const id = c.req.param('id');
    const form = await readForm(c, HostKeyInput.extend(Next.shape), uiOf(c).t);
    if (!form.ok) return showKey(c, id, Next.catch({ for: '', engine: '' }).parse(form.state.values), form.state);
    const next = form.input;
    try {
      pinHostKey(app, actorOf(c), id, form.input);
    } catch (error) {
      return showKey(c, id, next, formRefusal(error, form.state, uiOf(c).t));
    }
    if (next.engine) return c.redirect(await engineBy(c, next.engine), 303);
    return c.redirect(next.for ? (await connect(c, next.for, Room.parse({}))).to : keyPath(id, {}), 303);
  });

  return r;
}
