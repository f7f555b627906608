import type { Say } from '../../lib/errors.ts';
import type { NetworkInterface, Route } from '../../platform/interfaces.ts';
import type { Resolver } from '../../platform/resolver.ts';
import { asks } from '../docker/form.tsx';
import { Banner } from '../parts/banner.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';

export interface NetworkModel {
  resolver: Resolver | null;
  refusal: Say | null;
  interfaces: readonly NetworkInterface[];
  routes: readonly Route[] | null;
}

export function NetworkPage({ ui, model: { resolver, refusal, interfaces, routes } }: { ui: Ui; model: NetworkModel }) {
  const t = ui.t.system;
  const change = ui.can('system.write') && !refusal && resolver;
  return (
    <SystemFrame ui={ui} tab="network">
      <Section id="dns" title={t.resolver.title} end={change ? <a class="btn sm" {...asks('/system/dns')}>{t.resolver.change}</a> : null}>
        {resolver ? (
          <Kv
            rows={[
              [t.resolver.servers, resolver.servers.length ? <code class="xs">{resolver.servers.join(', ')}</code> : <span class="soft">{t.resolver.none}</span>],
              [t.resolver.search, resolver.search.length ? <code class="xs">{resolver.search.join(', ')}</code> : null],
              [t.resolver.owner, t.resolver.owners[resolver.owner]({ by: resolver.by ?? '' })],
            ]}
          />
        ) : null}
        {refusal ? <p class="small muted">{refusal(ui.t)}</p> : null}
      </Section>
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
        {routes ? <Routes ui={ui} routes={routes} /> : <Banner ui={ui} text={t.routes.notTold} />}
      </Section>
    </SystemFrame>
  );
}

function Routes({ ui, routes }: { ui: Ui; routes: readonly Route[] }) {
  const t = ui.t.system.routes;
  if (routes.length === 0) return <p class="docker-none soft">{t.none}</p>;
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
