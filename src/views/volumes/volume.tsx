import type { Backup } from '../../core/volumes/backups/kept.ts';
import type { KnownSizes } from '../../core/volumes/sizes.ts';
import type { Volume } from '../../core/volumes/volume.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { PairList } from '../docker/pairs.tsx';
import { UsedBy } from '../docker/used-by.tsx';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { volumeHref } from './href.ts';
import { filesHref } from './list.tsx';
import { BackupsSection } from './backups.tsx';
import { MeasureVolumes, VolumeSize } from './size.tsx';

interface VolumeProps {
  ui: Ui;
  volume: Volume;
  backups: readonly Backup[];
  known: KnownSizes;
  here: ReadonlySet<string>;
}

export function VolumePage({ ui, volume, backups, known, here }: VolumeProps) {
  const t = ui.t.volumes;
  const href = volumeHref(volume.name);
  const files = filesHref(volume, here);
  return (
    <Layout ui={ui} title={volume.name} styles={['css/docker.css']} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/volumes', label: t.title }]} title={volume.name}>
        {files ? (
          <a class="btn" href={files} aria-label={t.browse}>
            <Icon ui={ui} name="folder" />
            <span class="desktop">{t.browse}</span>
          </a>
        ) : null}
        {ui.can('volumes.write') ? <More ui={ui} volume={volume} /> : null}
      </CrumbsHead>
      <div id="volume" class="named-list" hx-get={href} hx-trigger="containers-changed from:body" hx-select="#volume" hx-swap="outerMorph">
        <div class="panes">
          <Section id="facts" title={t.facts} pane end={<MeasureVolumes ui={ui} known={known} href={href} />}>
            <Kv
              rows={[
                [t.driver, volume.driver],
                [t.mountpoint, volume.mountpoint ? <code class="xs">{volume.mountpoint}</code> : null],
                [t.size, <VolumeSize ui={ui} sizes={known.sizes} name={volume.name} />],
                [t.created, volume.createdAt === null ? null : <DateTime ui={ui} at={volume.createdAt} />],
                [t.scope, volume.scope],
                [t.usedBy, <UsedBy ui={ui} usedBy={volume.usedBy} none={t.unused} />],
              ]}
            />
          </Section>
          <Section id="more" title={t.optionsAndLabels} pane>
            {/* Options may hold the password of a share: only their names are shown to who may not make one. */}
            <PairList ui={ui} title={t.options} pairs={volume.options} hidden={!ui.can('volumes.write')} />
            <PairList ui={ui} title={t.labels} pairs={volume.labels} />
          </Section>
        </div>
        <BackupsSection ui={ui} backups={backups} />
      </div>
      <FormDialog />
    </Layout>
  );
}

function More({ ui, volume: { name } }: { ui: Ui; volume: Volume }) {
  const t = ui.t.volumeBackups;
  const href = volumeHref(name);
  return (
    <>
      <Menu ui={ui} id="volume-more" label={ui.t.volumes.actionsOf({ name })} icon="more" iconOnly>
        <a {...asks(`${href}/clone`)}>
          <Icon ui={ui} name="copy" />
          {t.clone}…
        </a>
        <a href={`${href}/contents`} download>
          <Icon ui={ui} name="download" />
          {t.downloadNow}
        </a>
        <hr />
        <a class="danger" {...asks(`${href}/remove`)}>
          <Icon ui={ui} name="trash" />
          {ui.t.volumes.remove}…
        </a>
      </Menu>
      <a class="btn primary" {...asks(`${href}/backup`)}>
        <Icon ui={ui} name="archive" />
        {t.backup}
      </a>
    </>
  );
}
