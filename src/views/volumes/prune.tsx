import type { KnownSizes, VolumeSizes } from '../../core/volumes/sizes.ts';
import type { Volume } from '../../core/volumes/volume.ts';
import { typedName } from '../../core/volumes/volumes.ts';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Toolbar } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { volumeHref } from './href.ts';
import { filesHref } from './list.tsx';
import { MeasureVolumes, VolumeSize } from './size.tsx';

interface PruneProps {
  ui: Ui;
  /** Those that no container uses. */
  volumes: readonly Volume[];
  known: KnownSizes;
  here: ReadonlySet<string>;
  /** What was typed beside each. */
  typed: readonly string[];
  errors: Readonly<Record<string, string>>;
}

/** Volumes that no container uses. One goes when its name is typed beside it: what it holds is lost. */
export function PruneVolumesPage({ ui, volumes, known, here, typed, errors }: PruneProps) {
  const t = ui.t.volumes;
  return (
    <Layout ui={ui} title={t.pruneTitle}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/volumes', label: t.title }]} title={t.pruneTitle} />
      {volumes.length === 0 ? (
        <Empty ui={ui} icon="check" title={t.pruneNone} text={t.pruneNoneText}>
          <a class="btn" href="/volumes">
            {t.toList}
          </a>
        </Empty>
      ) : (
        <form method="post" action="/volumes/-/prune" autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <Toolbar>
            <p class="small soft">{t.pruneText}</p>
            <div class="btns push">
              <MeasureVolumes ui={ui} known={known} href="/volumes/-/prune" />
              <button class="btn danger" type="submit">
                <Icon ui={ui} name="trash" />
                {t.pruneSubmit}
              </button>
            </div>
          </Toolbar>
          <table class="table sticky named-list" id="unused-volumes" hx-get="/volumes/-/prune" hx-trigger="containers-changed from:body" hx-select="#unused-volumes" hx-swap="outerMorph" aria-busy={known.sizes ? undefined : 'true'}>
            <caption class="vh">{t.pruneTitle}</caption>
            <thead>
              <tr>
                <th scope="col">{t.volume}</th>
                <th scope="col" class="num hi">{t.size}</th>
                <th scope="col">{t.typeName}</th>
              </tr>
            </thead>
            <tbody>
              {volumes.map((volume) => (
                <Row ui={ui} volume={volume} sizes={known.sizes} here={here} typed={typed} />
              ))}
            </tbody>
          </table>
        </form>
      )}
    </Layout>
  );
}

function Row({ ui, volume, sizes, here, typed }: { ui: Ui; volume: Volume; sizes: VolumeSizes | null; here: ReadonlySet<string>; typed: readonly string[] }) {
  const t = ui.t.volumes;
  const name = typedName(volume);
  return (
    <tr>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name="disk" />
          <a href={filesHref(volume, here) ?? volumeHref(volume.name)} title={volume.name}>
            <b>{name}</b>
            {volume.anonymous ? <small>{volume.name}</small> : null}
          </a>
        </div>
      </td>
      <td class="num hi">
        <VolumeSize ui={ui} sizes={sizes} name={volume.name} />
      </td>
      <td>
        {/* What is typed stays when sizes come. */}
        <input class="input mono" id={`typed-${volume.name}`} name="typed" value={typed.includes(name) ? name : ''} aria-label={t.typeThis({ name })} maxlength={255} autocomplete="off" autocapitalize="none" spellcheck={false} hx-morph-skip />
      </td>
    </tr>
  );
}
