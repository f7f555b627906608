import type { EngineState } from '../../core/docker/engine.ts';
import type { KnownSizes, VolumeSizes } from '../../core/volumes/sizes.ts';
import type { Volume } from '../../core/volumes/volume.ts';
import { VOLUME_SHOWS } from '../../core/volumes/volumes.ts';
import { EngineAway } from '../docker/away.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { asks, FormDialog } from '../form/dialog.tsx';
import { UsedBy } from '../docker/used-by.tsx';
import { folderHref } from '../files/href.ts';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { volumeHref } from './href.ts';
import { MeasureVolumes, VolumeSize } from './size.tsx';

export interface VolumesModel {
  engine: EngineState;
  shown: readonly Volume[];
  counts: Record<'all' | (typeof VOLUME_SHOWS)[number], number>;
  query: { q: string; show?: string | undefined };
  known: KnownSizes;
  /** Names of those whose files can be looked at. */
  here: ReadonlySet<string>;
}

export function VolumesPage({ ui, model }: { ui: Ui; model: VolumesModel }) {
  const t = ui.t.volumes;
  const { engine } = model;
  const here = withQuery(ui.here ?? '/volumes', { sizes: undefined });
  return (
    <Layout ui={ui} title={t.title} styles={['css/docker.css']} scripts={['js/containers/changes.js', NARROWS]} preload={['js/sse.js', 'js/connection.js']}>
      <div id="volumes" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#volumes" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} middle={engine.up ? <Shows ui={ui} model={model} here={here} /> : null}>
          {engine.up && ui.can('volumes.write') ? <Buttons ui={ui} /> : null}
        </PageHead>
        {engine.up ? <List ui={ui} model={model} here={here} /> : <EngineAway ui={ui} engine={engine} />}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Buttons({ ui }: { ui: Ui }) {
  const t = ui.t.volumes;
  return (
    <>
      <a class="btn" href="/volumes/-/backups" aria-label={ui.t.volumeBackups.title}>
        <Icon ui={ui} name="archive" />
        <span class="desktop">{ui.t.volumeBackups.title}</span>
      </a>
      <a class="btn" href="/volumes/-/prune" aria-label={t.prune}>
        <Icon ui={ui} name="trash" />
        <span class="desktop">{t.prune}</span>
      </a>
      <a class="btn primary" {...asks('/volumes/-/new')}>
        <Icon ui={ui} name="plus" />
        {t.create}
      </a>
    </>
  );
}

function Shows({ ui, model: { counts, query }, here }: { ui: Ui; model: VolumesModel; here: string }) {
  const t = ui.t.volumes;
  const tabs = (['all', ...VOLUME_SHOWS] as const).map((show) => ({
    href: withQuery(here, { show: show === 'all' ? undefined : show }),
    current: (query.show ?? 'all') === show,
    label: <>{t.shows[show]} <span class="count">{ui.fmt.number(counts[show])}</span></>,
  }));
  return <Seg ui={ui} label={t.show} tabs={tabs} />;
}

function List({ ui, model: { shown, query, known, here: files }, here }: { ui: Ui; model: VolumesModel; here: string }) {
  const t = ui.t.volumes;
  return (
    <>
      <Toolbar>
        <Narrow ui={ui} action="/volumes" label={t.filter} q={query.q} keep={{ show: query.show }} />
        {shown.length ? <MeasureVolumes ui={ui} known={known} href={here} /> : null}
      </Toolbar>
      {shown.length === 0 ? <Nothing ui={ui} icon="disk" href="/volumes" words={t} narrowed={Boolean(query.q || query.show)} q={query.q} /> : <Table ui={ui} shown={shown} sizes={known.sizes} here={files} />}
    </>
  );
}

function Table({ ui, shown, sizes, here }: { ui: Ui; shown: readonly Volume[]; sizes: VolumeSizes | null; here: ReadonlySet<string> }) {
  const t = ui.t.volumes;
  return (
    <table class="table sticky named-list" aria-busy={sizes ? undefined : 'true'}>
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.volume}</th>
          <th scope="col" class="mid">{t.driver}</th>
          <th scope="col" class="num hi">{t.size}</th>
          <th scope="col" class="mid">{t.usedBy}</th>
          <th scope="col" class="lo">{t.created}</th>
          <ActionsHead>{t.actions}</ActionsHead>
        </tr>
      </thead>
      <tbody>
        {shown.map((volume) => (
          <Row ui={ui} volume={volume} sizes={sizes} files={filesHref(volume, here)} />
        ))}
      </tbody>
    </table>
  );
}

/** Where the file manager shows it; null where this machine does not have it, or the reader may not (core/volumes/here.ts). */
export const filesHref = ({ name, mountpoint }: Pick<Volume, 'name' | 'mountpoint'>, here: ReadonlySet<string>) => (here.has(name) ? folderHref(mountpoint) : null);

function Row({ ui, volume, sizes, files }: { ui: Ui; volume: Volume; sizes: VolumeSizes | null; files: string | null }) {
  const t = ui.t.volumes;
  const href = volumeHref(volume.name);
  return (
    <tr data-href={href}>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name="disk" />
          <a href={href} title={volume.name}>
            <b>{volume.name}</b>
            <small>{volume.mountpoint}</small>
          </a>
          {volume.anonymous ? <Tag ui={ui}>{t.anonymous}</Tag> : null}
        </div>
      </td>
      <td class="mid soft nowrap">{volume.driver}</td>
      <td class="num hi">
        <VolumeSize ui={ui} sizes={sizes} name={volume.name} />
      </td>
      <td class="mid">
        <UsedBy ui={ui} usedBy={volume.usedBy} none={t.unused} />
      </td>
      <td class="lo soft nowrap">{volume.createdAt === null ? '–' : <Time ui={ui} at={volume.createdAt} />}</td>
      <td>
        <Actions ui={ui} volume={volume} files={files} />
      </td>
    </tr>
  );
}

function Actions({ ui, volume, files }: { ui: Ui; volume: Volume; files: string | null }) {
  const t = ui.t.volumes;
  const removes = ui.can('volumes.write');
  if (!files && !removes) return null;
  return (
    <div class="acts">
      <Menu ui={ui} id={`m-${volume.name}`} label={t.actionsOf({ name: volume.name })} icon="more" iconOnly small>
        {files ? (
          <a href={files}>
            <Icon ui={ui} name="folder" />
            {t.browse}
          </a>
        ) : null}
        {removes ? (
          <>
            <a {...asks(`${volumeHref(volume.name)}/backup`)}>
              <Icon ui={ui} name="archive" />
              {ui.t.volumeBackups.backup}…
            </a>
            <a {...asks(`${volumeHref(volume.name)}/clone`)}>
              <Icon ui={ui} name="copy" />
              {ui.t.volumeBackups.clone}…
            </a>
          </>
        ) : null}
        {removes ? (
          <a class="danger" {...asks(`${volumeHref(volume.name)}/remove`)}>
            <Icon ui={ui} name="trash" />
            {t.remove}…
          </a>
        ) : null}
      </Menu>
    </div>
  );
}
