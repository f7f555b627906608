import { Hono } from 'hono';
import type { Context } from 'hono';
import type { App } from '../core/app.ts';
import { listPower, runPower, type PowerAction } from '../core/power/power.ts';
import { readSystem } from '../core/system/system.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readFields } from '../http/form.ts';
import { isHtmx, page, toast } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { GoingPage, PowerPage } from '../views/dashboard/power.tsx';

/** Seconds after which a page without scripts looks again. */
const AGAIN = { restart: 4, reboot: 60, shutdown: 0 } as const;

/** Restart the panel, restart or shut down the server. The typed name is checked by core, too. */
export function power(app: App) {
  const r = new Hono<Env>();
  r.post('/power/panel', allow('power.write'), (c) => act(app, c, 'restart'));
  r.post('/power/reboot', allow('power.write'), (c) => act(app, c, 'reboot'));
  r.post('/power/shutdown', allow('power.write'), (c) => act(app, c, 'shutdown'));
  return r;
}

async function act(app: App, c: Context<Env>, action: PowerAction) {
  const ui = uiOf(c);
  const { confirm = '' } = await readFields(c);
  try {
    await runPower(app, actorOf(c), action, confirm);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid') throw error;
    const text = error.say(ui.t);
    if (isHtmx(c)) {
      toast(c, 'danger', text);
      return c.body(null, 422, { 'hx-reswap': 'none' });
    }
    return confirmAgain(app, c, action, text);
  }
  if (isHtmx(c)) {
    toast(c, 'warn', ui.t.dashboard.power.going[action]);
    return c.body(null, 204);
  }
  if (AGAIN[action]) c.header('refresh', `${AGAIN[action]}; url=/`);
  return page(c, <GoingPage ui={ui} action={action} />);
}

/** The typed name did not fit: the same question as a page, with what is wrong. */
async function confirmAgain(app: App, c: Context<Env>, action: PowerAction, text: string) {
  const [system, offers, top] = await Promise.all([readSystem(app), listPower(app), app.sampler.topProcesses().catch(() => null)]);
  const offer = offers.find((one) => one.action === action)!;
  const counts = { hostname: system.hostname, uptime: system.uptime, processes: top?.total ?? null, pages: c.get('streams').count() };
  return page(c, <PowerPage ui={uiOf(c)} offer={offer} counts={counts} errors={{ confirm: text }} />, 422);
}
