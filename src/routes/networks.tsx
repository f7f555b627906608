import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { can } from '../core/access.ts';
import type { App } from '../core/app.ts';
import { readEngine } from '../core/docker/engine.ts';
import { PairLines } from '../core/docker/pairs.ts';
import { NetworkName } from '../core/networks/network.ts';
import { Attachment, connectable, connectContainer, createNetwork, disconnectContainer, getNetwork, listNetworks, NetworkFilter, removeNetwork } from '../core/networks/networks.ts';
import { GatewayText, NETWORK_DRIVERS, NewNetwork, ParentName, SubnetText } from '../core/networks/new.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone, orList } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readBody, readForm } from '../http/form.ts';
import { accept, readQuery } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { say } from '../lib/issue.ts';
import { NewNetworkPage, RemoveNetworkPage } from '../views/networks/forms.tsx';
import { NetworksPage } from '../views/networks/list.tsx';
import { NetworkPage } from '../views/networks/network.tsx';

const blank = <S extends z.ZodType>(schema: S) => z.literal('').transform(() => undefined).or(schema).optional();
const alone = say('network.gatewayAlone', (t) => t.networks.gatewayAlone);
/** The input of core as a form has it: a field for each family, and what is wrong with it beside that field. */
const NewForm = z
  .object({
    name: NetworkName, driver: z.enum(NETWORK_DRIVERS), parent: blank(ParentName),
    subnet: blank(SubnetText), gateway: blank(GatewayText), subnet6: blank(SubnetText), gateway6: blank(GatewayText),
    internal: z.literal('on').optional(), ipv6: z.literal('on').optional(), labels: PairLines,
  })
  .superRefine(({ subnet, gateway, subnet6, gateway6 }, ctx) => {
    if (gateway && !subnet) ctx.addIssue({ code: 'custom', path: ['gateway'], message: alone });
    if (gateway6 && !subnet6) ctx.addIssue({ code: 'custom', path: ['gateway6'], message: alone });
    if (subnet?.includes(':')) ctx.addIssue({ code: 'custom', path: ['subnet'], message: say('network.subnet', (t) => t.networks.badSubnet) });
    if (subnet6 && !subnet6.includes(':')) ctx.addIssue({ code: 'custom', path: ['subnet6'], message: say('network.subnet', (t) => t.networks.badSubnet) });
  })
  .transform(({ subnet, gateway, subnet6, gateway6, internal, ipv6, ...rest }): z.input<typeof NewNetwork> => ({
    ...rest, internal: internal === 'on', ipv6: ipv6 === 'on' || subnet6 !== undefined,
    subnets: [...(subnet ? [{ subnet, ...(gateway ? { gateway } : {}) }] : []), ...(subnet6 ? [{ subnet: subnet6, ...(gateway6 ? { gateway: gateway6 } : {}) }] : [])],
  }))
  .pipe(NewNetwork);

export function networks(app: App) {
  const r = new Hono<Env>();

  r.get('/networks', allow('networks.read'), async (c) => {
    const query = readQuery(c, NetworkFilter);
    const engine = await readEngine(app);
    const shown = engine.up ? await listNetworks(app, actorOf(c), query) : [];
    return page(c, <NetworksPage ui={uiOf(c)} model={{ engine, shown, query }} />);
  });

  r.get('/networks/new', allow('networks.write'), (c) => page(c, <NewNetworkPage ui={uiOf(c)} {...emptyForm} />));

  r.post('/networks', allow('networks.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, NewForm, ui.t);
    if (!form.ok) return page(c, <NewNetworkPage ui={ui} {...form.state} />, 422);
    try {
      const id = await createNetwork(app, actorOf(c), form.input);
      return formDone(c, { list: '/networks', page: `/networks/${id}`, text: ui.t.networks.createdIt({ name: form.input.name }) });
    } catch (error) {
      return page(c, <NewNetworkPage ui={ui} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  const show = async (c: Context<Env>, id: string, errors?: Record<string, string>) => {
    const actor = actorOf(c);
    const network = await getNetwork(app, actor, id);
    const may = can(actor, 'networks.write') && !['host', 'null'].includes(network.driver);
    const others = may ? await connectable(app, actor, network) : [];
    return page(c, <NetworkPage ui={uiOf(c)} network={network} others={others} errors={errors} />, errors ? 422 : 200);
  };

  r.get('/networks/:id', allow('networks.read'), (c) => orList(c, '/networks', () => show(c, c.req.param('id'))));

  r.get('/networks/:id/remove', allow('networks.write'), async (c) => page(c, <RemoveNetworkPage ui={uiOf(c)} network={await getNetwork(app, actorOf(c), c.req.param('id'))} errors={{}} />));

  r.post('/networks/:id/remove', allow('networks.write'), async (c) => {
    const ui = uiOf(c);
    const network = await getNetwork(app, actorOf(c), c.req.param('id'));
    try {
      await removeNetwork(app, actorOf(c), network.id);
      return formDone(c, { list: '/networks', text: ui.t.networks.removed({ name: network.name }) });
    } catch (error) {
      const { errors } = formRefusal(error, emptyForm, ui.t);
      return page(c, <RemoveNetworkPage ui={ui} network={network} errors={errors} />, 422);
    }
  });

  /** Does it and shows the network again; what the engine refuses stands above it. */
  const attach = async (c: Context<Env>, work: typeof connectContainer) => {
    const id = c.req.param('id')!;
    const input = accept(Attachment, await readBody(c), 'body');
    try {
      await work(app, actorOf(c), id, input);
    } catch (error) {
      return show(c, id, formRefusal(error, emptyForm, uiOf(c).t).errors);
    }
    return c.redirect(`/networks/${id}`, 303);
  };

  r.post('/networks/:id/connect', allow('networks.write'), (c) => attach(c, connectContainer));
  r.post('/networks/:id/disconnect', allow('networks.write'), (c) => attach(c, disconnectContainer));

  return r;
}
