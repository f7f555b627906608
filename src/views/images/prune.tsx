import { PRUNE_KINDS, type PruneKind, type PrunePreview } from '../../core/images/prune.ts';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Toolbar } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { imageHref, shortId } from './words.ts';

/** What would go, before it goes: exactly these rows. */
export function PruneImagesPage({ ui, kind, preview }: { ui: Ui; kind: PruneKind; preview: PrunePreview }) {
  const t = ui.t.images;
  const { images, atLeast } = preview;
  return (
    <Layout ui={ui} title={t.pruneTitle}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: t.title }]} title={t.pruneTitle} />
      <form method="post" action="/images/prune">
        <Toolbar>
          <Seg ui={ui} label={t.show} tabs={PRUNE_KINDS.map((one) => ({ href: `/images/prune?kind=${one}`, current: one === kind, label: t.pruneKinds[one] }))} />
          {images.length ? (
            <div class="btns push">
              <p class="small soft">{t.pruneText({ n: images.length, size: ui.fmt.bytes(atLeast) })}</p>
              <button class="btn danger" type="submit">
                <Icon ui={ui} name="trash" />
                {t.pruneSubmit({ n: images.length })}
              </button>
            </div>
          ) : null}
        </Toolbar>
        {images.length === 0 ? (
          <Empty ui={ui} icon="check" title={t.pruneNone} text={t.pruneNoneText[kind]}>
            <a class="btn" href="/images">
              {t.toList}
            </a>
          </Empty>
        ) : (
          <table class="table sticky named-list">
            <caption class="vh">{t.pruneTitle}</caption>
            <thead>
              <tr>
                <th scope="col">{t.image}</th>
                <th scope="col" class="num">{t.size}</th>
                <th scope="col" class="mid">{t.created}</th>
              </tr>
            </thead>
            <tbody>
              {images.map((image) => (
                <tr data-op="del">
                  <td class="truncate lead">
                    <input type="hidden" name="keys" value={image.key} />
                    <div class="name">
                      <Icon ui={ui} name="image" />
                      <a href={imageHref(image.id)}>
                        <b>{image.reference ?? image.repository ?? t.unnamed}</b>
                        <small class="mono">{shortId(image.id)}</small>
                      </a>
                    </div>
                  </td>
                  <td class="num">{ui.fmt.bytes(image.size)}</td>
                  <td class="mid nowrap">
                    <Time ui={ui} at={image.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </form>
    </Layout>
  );
}
