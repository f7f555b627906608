import type { Say } from '../../lib/errors.ts';
import type { NetworkInterface, Route } from '../../platform/interfaces.ts';
import type { Host } from '../../platform/host.ts';
import type { Resolver, ResolverLink } from '../../platform/resolver.ts';
import { AskIcon, asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';

export interface NetworkModel {
  system: Host['kind'];
  resolver: Resolver | null;
  refusal: Say | null;
  interfaces: readonly NetworkInterface[];
  routes: readonly Route[] | null;
}

export function NetworkPage({ ui, model: { system, resolver, refusal, interfaces, routes } }: { ui: Ui; model: NetworkModel }) {
  const t = ui.t.system;
  return (
    <SystemFrame ui={ui} tab="network">
      {resolver?.links ? <Links ui={ui} resolver={resolver} links={resolver.links} refusal={refusal} /> : <Servers ui={ui} resolver={resolver} refusal={refusal} />}
      <Section id="interfaces" title={t.interfaces.title} flush note={t.interfaces.note}>
        <table class="table">
          <caption class="vh">{t.interfaces.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.interfaces.name}</th>
              <th scope="col">{t.interfaces.addresses}</th>
              <th scope="col" class="mid">{t.interfaces.state}</th>
              <th scope="col" class="lo">{t.interfaces.mac}</th>
              <th scope="col" class="num lo">MTU</th>
            </tr>
          </thead>
          <tbody>
            {interfaces.map((one) => (
              <tr>
                <td><b>{one.name}</b> {one.kind ? <span class="quiet">{one.kind}</span> : null}</td>
                <td class="mono xs wrap">
                  {one.addresses.length ? one.addresses.map(({ address, prefix, scope, dynamic }) => (
                    <div>
                      {address}{prefix ? `/${prefix}` : ''} {scope === 'link' ? <span class="quiet">{t.interfaces.linkLocal}</span> : null}{dynamic ? <span class="quiet"> {t.interfaces.dynamic}</span> : null}
                    </div>
                  )) : '–'}
                </td>
                <td class="mid nowrap"><Dot state={one.state === 'DOWN' ? 'off' : 'ok'}>{one.state === 'DOWN' ? t.interfaces.down : t.interfaces.up}</Dot></td>
                <td class="lo mono xs soft">{one.mac ?? ''}</td>
                <td class="num lo soft">{one.mtu ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section id="routes" title={t.routes.title} flush>
        {routes ? <Routes ui={ui} routes={routes} /> : <Banner ui={ui} text={system === 'linux' || system === 'fake' ? t.routes.notTold : t.routes.notToldHere} />}
      </Section>
    </SystemFrame>
  );
}

interface ResolverProps {
  ui: Ui;
  resolver: Resolver | null;
  /** Why they cannot be changed. */
  refusal: Say | null;
}

/** One list for the whole machine. */
function Servers({ ui, resolver, refusal }: ResolverProps) {
  const t = ui.t.system.resolver;
  return (
    <Section id="dns" title={t.title} end={ui.can('system.write') && !refusal && resolver ? <a class="btn sm" {...asks('/system/dns')}>{t.change}</a> : null}>
      {resolver ? (
        <Kv
          rows={[
            [t.servers, resolver.servers.length ? <code class="xs">{resolver.servers.join(', ')}</code> : <span class="soft">{t.none}</span>],
            [t.search, resolver.search.length ? <code class="xs">{resolver.search.join(', ')}</code> : null],
            [t.owner, t.owners[resolver.owner]({ by: resolver.by ?? '' })],
          ]}
        />
      ) : null}
      {refusal ? <p class="small muted">{refusal(ui.t)}</p> : null}
    </Section>
  );
}

/** Of Windows, where each interface has its own servers. */
function Links({ ui, resolver, links, refusal }: ResolverProps & { resolver: Resolver; links: readonly ResolverLink[] }) {
  const t = ui.t.system.resolver;
  const writes = ui.can('system.write') && !refusal;
  const note = [t.owners[resolver.owner]({ by: '' }), ...(resolver.search.length ? [`${t.search}: ${resolver.search.join(', ')}`] : [])].join(' · ');
  return (
    <Section id="dns" title={t.title} flush note={note}>
      {refusal ? <Banner ui={ui} text={refusal(ui.t)} /> : null}
      <table class="table">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.link}</th>
            <th scope="col">{t.servers}</th>
            {writes ? <th class="fit"><span class="vh">{t.change}</span></th> : null}
          </tr>
        </thead>
        <tbody>
          {links.map(({ id, name, up, servers, fixed }) => (
            <tr>
              <td><b>{name}</b> {up ? null : <span class="quiet">{ui.t.system.interfaces.down}</span>}</td>
              <td class="mono xs wrap">
                {servers.length ? servers.map((server) => <div>{server} <span class="quiet">{fixed.includes(server) ? t.fixed : t.byDhcp}</span></div>) : '–'}
              </td>
              {writes ? <td><div class="acts"><AskIcon ui={ui} href={`/system/dns?link=${id}`} icon="edit" label={t.changeOf({ name })} title={t.change} /></div></td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Routes({ ui, routes }: { ui: Ui; routes: readonly Route[] }) {
  const t = ui.t.system.routes;
  if (routes.length === 0) return <p class="none-note soft">{t.none}</p>;
  return (
    <table class="table">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.to}</th>
          <th scope="col">{t.via}</th>
          <th scope="col">{t.dev}</th>
          <th scope="col" class="lo">{t.source}</th>
          <th scope="col" class="num lo">{t.metric}</th>
          <th scope="col" class="lo">{t.protocol}</th>
        </tr>
      </thead>
      <tbody>
        {routes.map((route) => (
          <tr>
            <td class="mono xs wrap">{route.to === 'default' ? <b>{t.default[route.family]}</b> : route.to}</td>
            <td class="mono xs wrap">{route.via ?? '–'}</td>
            <td>{route.dev ?? ''}</td>
            <td class="lo mono xs soft">{route.source ?? ''}</td>
            <td class="num lo soft">{route.metric ?? ''}</td>
            <td class="lo soft">{route.protocol ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
