import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { pageOfRules, readFirewall, RULE_FIELDS } from '../../core/firewall/firewall.ts';
import { installableFirewalls } from '../../core/firewall/install.ts';
import { publishedPorts } from '../../core/firewall/published-ports.ts';
import { readPublished } from '../../core/firewall/published.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { FirewallAway } from '../../views/firewall/away.tsx';
import { FirewallPage } from '../../views/firewall/page.tsx';

export const PAGE_ROWS = 100;

const Query = z.object({ ...listFields(RULE_FIELDS, 'place'), q: z.string().max(200).default(''), origin: z.enum(['ours', 'outside']).optional() });

/** The firewall: who may come in, and what containers publish past it. */
export function firewallPage(app: App) {
  const r = new Hono<Env>();

  r.get('/firewall', allow('firewall.read'), async (c) => {
    const query = { ...readQuery(c, Query), limit: PAGE_ROWS };
    const actor = actorOf(c);
    const [firewall, ports, published] = await Promise.all([
      readFirewall(app, actor).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'unavailable') return error;
        throw error;
      }),
      publishedPorts(app, actor), readPublished(app, actor),
    ]);
    if (firewall instanceof AppError || firewall.provider === null || firewall.hindrance) return page(c, <FirewallAway ui={uiOf(c)} model={{ firewall, offers: installableFirewalls(app) }} />);
    const found = pageOfRules(firewall, { ...pageQuery(query), q: query.q, origin: query.origin });
    const list = { ...found, next: writeCursor(found.next, query.sort) };
    return page(c, <FirewallPage ui={uiOf(c)} model={{ firewall, list, query, ports, published, address: actor.ip }} />);
  });

  return r;
}
