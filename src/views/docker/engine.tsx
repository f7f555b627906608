import type { AboutEngine, DiskRow } from '../../core/docker/about.ts';
import type { EngineState } from '../../core/docker/engine.ts';
import type { InstallOffer } from '../../core/docker/install.ts';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { SkeletonRows } from '../parts/skeleton.tsx';
import type { Ui } from '../ui.ts';
import { EngineAway, RETURNS } from './away.tsx';
import { EndpointsSection, type ListedEndpoint } from './endpoints/list.tsx';
import { SETTINGS } from './daemon.tsx';

export interface EngineModel {
  engine: EngineState;
  /** Whether the panel can install one. */
  offer: InstallOffer | null;
  about: AboutEngine | null;
  /** null: not measured yet, which takes a while. */
  disk: readonly DiskRow[] | null;
  endpoints: readonly ListedEndpoint[];
}

/** The engine: what it is, what it warns of, and what lies on its disk. */
export function EnginePage({ ui, model: { engine, offer, about, disk, endpoints } }: { ui: Ui; model: EngineModel }) {
  const t = ui.t.docker;
  // Where there is something to choose, that comes first.
  const choice = endpoints.length > 1;
  const list = <EndpointsSection ui={ui} endpoints={endpoints} />;
  return (
    <Layout ui={ui} title={t.title} styles={['css/endpoints.css']} {...(engine.up || engine.why === 'old' ? {} : RETURNS)}>
      <PageHead title={t.title} facts={about ? [ui.t.containers.engine({ version: about.version })] : []}>
        {ui.can('containers.admin') ? (
          <a class="btn" href={SETTINGS}>
            <Icon ui={ui} name="settings" />
            {ui.t.daemon.open}
          </a>
        ) : null}
      </PageHead>
      {choice ? list : null}
      {!engine.up ? (
        <EngineAway ui={ui} engine={engine} offer={offer} />
      ) : about ? (
        <>
          {about.warnings.length ? <Warnings ui={ui} warnings={about.warnings} /> : null}
          <Facts ui={ui} about={about} endpoint={engine.endpoint} />
          <Disk ui={ui} disk={disk} />
        </>
      ) : null}
      {choice ? null : list}
    </Layout>
  );
}

function Warnings({ ui, warnings }: { ui: Ui; warnings: readonly string[] }) {
  return (
    <div class="banner" data-tone="warn" role="status">
      <Icon ui={ui} name="warning" />
      <div>
        {warnings.map((text) => (
          <p>{text}</p>
        ))}
      </div>
    </div>
  );
}

function Facts({ ui, about, endpoint }: { ui: Ui; about: AboutEngine; endpoint: string }) {
  const t = ui.t.docker;
  const { running, paused, stopped } = about.containers;
  return (
    <Section id="facts" title={t.facts}>
      <Kv
        rows={[
          [t.endpoint, <code>{endpoint}</code>],
          [t.version, about.version],
          [t.host, [about.host, about.os, about.kernel, about.architecture].filter(Boolean).join(' · ')],
          [ui.t.containers.title, t.counts({ running: ui.fmt.number(running), paused: ui.fmt.number(paused), stopped: ui.fmt.number(stopped) })],
          [t.storage, about.storage],
          [t.root, about.root ? <code>{about.root}</code> : ''],
          [t.logging, about.logging],
          [t.cgroups, about.cgroups],
          [t.runtime, about.runtime],
          [t.security, about.security.join(', ')],
          [t.mirrors, about.mirrors.join(', ')],
          [t.liveRestore, about.liveRestore ? t.yes : t.no],
        ]}
      />
    </Section>
  );
}

/** Measured by a second request, so that the page does not wait for it. */
function Disk({ ui, disk }: { ui: Ui; disk: readonly DiskRow[] | null }) {
  const t = ui.t.docker;
  const asks = disk ? {} : { 'hx-get': '/docker?disk=on', 'hx-trigger': 'load', 'hx-select': '#disk-use', 'hx-swap': 'outerHTML' };
  const links: Partial<Record<DiskRow['kind'], string>> = { images: '/images?show=unused', containers: '/containers?state=stopped', volumes: '/volumes?show=unused' };
  return (
    <Section id="disk" title={t.disk} flush>
      <div id="disk-use" aria-busy={disk ? undefined : 'true'} {...asks}>
        <table class="table">
          <caption class="vh">{t.disk}</caption>
          <thead>
            <tr>
              <th scope="col">{t.kind}</th>
              <th scope="col" class="num mid">{t.number}</th>
              <th scope="col" class="num">{t.size}</th>
              <th scope="col" class="num">{t.reclaimable}</th>
            </tr>
          </thead>
          <tbody>
            {disk?.map(({ kind, count, size, reclaimable }) => (
              <tr>
                <td class="lead">{links[kind] ? <a href={links[kind]}>{t.kinds[kind]}</a> : t.kinds[kind]}</td>
                <td class="num mid">{ui.fmt.number(count)}</td>
                <td class="num">{ui.fmt.bytes(size)}</td>
                <td class="num">{ui.fmt.bytes(reclaimable)}</td>
              </tr>
            )) ?? <SkeletonRows columns={4} rows={4} />}
          </tbody>
        </table>
        {disk ? null : (
          <noscript>
            <a class="btn" href="/docker?disk=on">
              {ui.t.volumes.measure}
            </a>
          </noscript>
        )}
      </div>
    </Section>
  );
}
