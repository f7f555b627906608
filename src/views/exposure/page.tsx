import type { Exposure } from '../../core/exposure/exposure.ts';
import { isOutside } from '../../core/exposure/list.ts';
import type { ExposedPort } from '../../core/exposure/port.ts';
import { Narrow, NARROWS, Nothing } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { Picture } from './picture.tsx';
import { PortRow } from './row.tsx';

export interface ExposureModel {
  exposure: Exposure;
  /** Those that the filter leaves, sorted. */
  shown: readonly ExposedPort[];
  query: { q: string; sort: string; show?: 'outside' | undefined };
}

const PATH = '/exposure';

/** What listens on the machine, and who reaches it. */
export function ExposurePage({ ui, model }: { ui: Ui; model: ExposureModel }) {
  const t = ui.t.exposure;
  const { exposure, query } = model;
  const here = withQuery(ui.here ?? PATH, { again: undefined });
  return (
    <Layout ui={ui} title={t.title} styles={['css/exposure.css']} scripts={[NARROWS]}>
      <div id="exposure" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#exposure" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={[t.count({ n: ui.fmt.number(exposure.ports.length) }), t.looked({ ms: ui.fmt.number(Math.max(1, Math.round(exposure.took))) })]} middle={<Shown ui={ui} model={model} here={here} />}>
          <a class="btn" href={withQuery(here, { again: 'on' })}>
            <Icon ui={ui} name="refresh" />
            {t.again}
          </a>
        </PageHead>
        <Summary ui={ui} exposure={exposure} />
        <Picture ui={ui} exposure={exposure} />
        <section class="section flush" aria-labelledby="ports-h">
          <h2 class="vh" id="ports-h">{t.who}</h2>
          <Toolbar>
            <Narrow ui={ui} action={PATH} label={t.filter} q={query.q} keep={{ show: query.show, sort: query.sort === 'level' ? undefined : query.sort }} />
          </Toolbar>
          {model.shown.length ? <Table ui={ui} model={model} here={here} /> : <Nothing ui={ui} icon="globe" href={PATH} words={t} narrowed={Boolean(query.q || query.show)} q={query.q} />}
          <p class="section small muted">{t.note}</p>
        </section>
      </div>
    </Layout>
  );
}

function Shown({ ui, model: { exposure, query }, here }: { ui: Ui; model: ExposureModel; here: string }) {
  const t = ui.t.exposure;
  const tab = (show: 'outside' | undefined, label: string, n: number) => ({
    href: withQuery(here, { show }), current: query.show === show,
    label: <>{label} <span class="count">{ui.fmt.number(n)}</span></>,
  });
  return <Seg ui={ui} label={t.show} tabs={[tab(undefined, t.all, exposure.ports.length), tab('outside', t.outside, exposure.ports.filter(isOutside).length)]} />;
}

/** What needs doing first; and what nobody knows. */
function Summary({ ui, exposure: { ports, unknown, detail, filtered, left } }: { ui: Ui; exposure: Exposure }) {
  const t = ui.t.exposure;
  const danger = ports.filter(({ level }) => level === 'danger').length;
  return (
    <>
      {unknown ? <Banner ui={ui} tone="warn" text={<>{t.unknown[unknown]}{detail ? <code class="small"> {detail}</code> : null}</>} /> : null}
      {!unknown && !filtered && ports.length ? <Banner ui={ui} tone="warn" title={t.unfiltered} text={t.unfilteredText} /> : null}
      {left ? <Banner ui={ui} tone="warn" text={t.left({ n: ui.fmt.number(left) })} /> : null}
      {danger ? <Banner ui={ui} tone="danger" title={t.danger({ n: ui.fmt.number(danger) })} text={t.dangerText} /> : null}
      {!danger && !unknown && ports.length ? <Banner ui={ui} tone="ok" text={t.fine} /> : null}
    </>
  );
}

function Table({ ui, model: { shown, query, exposure }, here }: { ui: Ui; model: ExposureModel; here: string }) {
  const t = ui.t.exposure;
  return (
    <table class="table exposure">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <SortHead ui={ui} column="level" sort={query.sort} href={here} class="c-level">{t.level}</SortHead>
          <SortHead ui={ui} column="port" sort={query.sort} href={here} class="c-port">{t.port}</SortHead>
          <SortHead ui={ui} column="program" sort={query.sort} href={here} class="c-program">{t.program}</SortHead>
          <th scope="col">{t.who}</th>
          <SortHead ui={ui} column="how" sort={query.sort} href={here} class="lo">{t.how}</SortHead>
          <ActionsHead>{t.actions}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {shown.map((port) => (
          <PortRow ui={ui} port={port} unread={exposure.unknown !== null} />
        ))}
      </tbody>
    </table>
  );
}
