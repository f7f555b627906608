import { Hono } from 'hono';
import type { App } from '../core/app.ts';
import { readRebootPending, readSystem } from '../core/system/system.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { OverviewPage } from '../views/system/overview.tsx';

/** What the machine is. */
export function system(app: App) {
  const r = new Hono<Env>();

  r.get('/system', allow('system.read'), async (c) => {
    const [facts, reboot] = await Promise.all([readSystem(app), readRebootPending(app).catch(() => null)]);
    return page(c, <OverviewPage ui={uiOf(c)} model={{ facts, reboot }} />);
  });

  return r;
}
