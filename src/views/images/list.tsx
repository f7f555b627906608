import type { EngineState } from '../../core/docker/engine.ts';
import type { Image } from '../../core/images/image.ts';
import { IMAGE_SHOWS } from '../../core/images/images.ts';
import { EngineAway } from '../docker/away.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { asks, FormDialog } from '../form/dialog.tsx';
import { UsedBy } from '../docker/used-by.tsx';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { MoreActions, paletteItems } from './actions.tsx';
import { imageHref, shortId } from './words.ts';

export interface ImagesModel {
  engine: EngineState;
  /** Those that the filter leaves, in order. */
  shown: readonly Image[];
  counts: Record<'all' | (typeof IMAGE_SHOWS)[number], number>;
  query: { q: string; show?: string | undefined; sort: string };
}

export function ImagesPage({ ui, model }: { ui: Ui; model: ImagesModel }) {
  const t = ui.t.images;
  const { engine } = model;
  return (
    <Layout ui={ui} title={t.title} styles={['css/docker.css']} scripts={['js/containers/changes.js', NARROWS]} preload={['js/sse.js', 'js/connection.js']} actions={paletteItems(ui)}>
      <div id="images" hx-get={ui.here ?? '/images'} hx-trigger="containers-changed from:body" hx-select="#images" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} middle={engine.up ? <Shows ui={ui} model={model} /> : null}>
          {engine.up ? <Buttons ui={ui} /> : null}
        </PageHead>
        {engine.up ? <List ui={ui} model={model} /> : <EngineAway ui={ui} engine={engine} />}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Buttons({ ui }: { ui: Ui }) {
  const t = ui.t.images;
  return (
    <>
      {ui.can('images.admin') ? (
        <a class="btn" href="/images/prune" aria-label={t.prune}>
          <Icon ui={ui} name="trash" />
          <span class="desktop">{t.prune}</span>
        </a>
      ) : null}
      <MoreActions ui={ui} />
      {ui.can('images.write') ? (
        <a class="btn primary" {...asks('/images/pull')}>
          <Icon ui={ui} name="download" />
          {t.pull}
        </a>
      ) : null}
    </>
  );
}

function Shows({ ui, model: { counts, query } }: { ui: Ui; model: ImagesModel }) {
  const t = ui.t.images;
  const tabs = (['all', ...IMAGE_SHOWS] as const).map((show) => ({
    href: withQuery(ui.here ?? '/images', { show: show === 'all' ? undefined : show }),
    current: (query.show ?? 'all') === show,
    label: <>{t.shows[show]} <span class="count">{ui.fmt.number(counts[show])}</span></>,
  }));
  return <Seg ui={ui} label={t.show} tabs={tabs} />;
}

function List({ ui, model: { shown, query } }: { ui: Ui; model: ImagesModel }) {
  const t = ui.t.images;
  return (
    <>
      <Toolbar>
        <Narrow ui={ui} action="/images" label={t.filter} q={query.q} keep={{ show: query.show, sort: query.sort }} />
      </Toolbar>
      {shown.length === 0 ? <Nothing ui={ui} icon="image" href="/images" words={t} narrowed={Boolean(query.q || query.show)} q={query.q} /> : <Table ui={ui} shown={shown} sort={query.sort} />}
    </>
  );
}

function Table({ ui, shown, sort }: { ui: Ui; shown: readonly Image[]; sort: string }) {
  const t = ui.t.images;
  const href = ui.here ?? '/images';
  const acts = ui.can('images.write');
  return (
    <table class="table sticky named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <SortHead ui={ui} column="reference" sort={sort} href={href}>
            {t.image}
          </SortHead>
          <SortHead ui={ui} column="size" sort={sort} first="descending" href={href} class="num hi">
            {t.size}
          </SortHead>
          <th scope="col" class="mid">{t.usedBy}</th>
          <SortHead ui={ui} column="createdAt" sort={sort} first="descending" href={href} class="lo">
            {t.created}
          </SortHead>
          {acts ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {shown.map((image) => (
          <Row ui={ui} image={image} acts={acts} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, image, acts }: { ui: Ui; image: Image; acts: boolean }) {
  const t = ui.t.images;
  const href = imageHref(image.id);
  return (
    <tr data-href={href}>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name="image" />
          <a href={href} title={image.reference ?? image.id}>
            <b>{image.reference ?? image.repository ?? t.unnamed}</b>
            <small class="mono">{shortId(image.id)}</small>
            <small class="only-narrow">{ui.fmt.bytes(image.size)}</small>
          </a>
          {image.reference === null ? <Tag ui={ui} tone="warn">{t.dangling}</Tag> : null}
        </div>
      </td>
      <td class="num hi">{ui.fmt.bytes(image.size)}</td>
      <td class="mid">
        <UsedBy ui={ui} usedBy={image.usedBy} none={t.unused} />
      </td>
      <td class="lo soft nowrap">
        <Time ui={ui} at={image.createdAt} />
      </td>
      {acts ? (
        <td>
          <Actions ui={ui} image={image} />
        </td>
      ) : null}
    </tr>
  );
}

function Actions({ ui, image }: { ui: Ui; image: Image }) {
  const t = ui.t.images;
  const { reference, id } = image;
  const href = imageHref(id);
  const named = reference === null ? '' : `?reference=${encodeURIComponent(reference)}`;
  return (
    <div class="acts">
      <Menu ui={ui} id={`m-${image.key.replace(/[^\w-]+/g, '-')}`} label={t.actionsOf({ name: reference ?? shortId(id) })} icon="more" iconOnly small>
        {reference === null ? null : (
          <a {...asks(`/images/pull${named}`)}>
            <Icon ui={ui} name="refresh" />
            {t.pullAgain}
          </a>
        )}
        <a {...asks(`${href}/tag`)}>
          <Icon ui={ui} name="plus" />
          {t.addTag}
        </a>
        <a href={`${href}/export${named}`} download>
          <Icon ui={ui} name="download" />
          {t.export}
        </a>
        {ui.can('images.admin') ? (
          <a {...asks(`${href}/push${named}`)}>
            <Icon ui={ui} name="upload" />
            {ui.t.imagePush.action}
          </a>
        ) : null}
        {ui.can('images.admin') ? (
          <a class="danger" {...asks(`${href}/remove${named}`)}>
            <Icon ui={ui} name="trash" />
            {t.remove}…
          </a>
        ) : null}
      </Menu>
    </div>
  );
}
