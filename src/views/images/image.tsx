import type { ImageWhole } from '../../core/images/images.ts';
import type { Layer } from '../../core/images/image.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { UsedBy } from '../docker/used-by.tsx';
import { Layout } from '../layout.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime, Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { imageHref, shortId } from './words.ts';

/** One image: what it is called, what it runs, who uses it, how it was made. */
export function ImagePage({ ui, image }: { ui: Ui; image: ImageWhole }) {
  const t = ui.t.images;
  const name = image.references[0] ?? shortId(image.id);
  return (
    <Layout ui={ui} title={name} styles={['css/docker.css', 'css/code.css']} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: t.title }]} title={name}>
        <Buttons ui={ui} image={image} />
      </CrumbsHead>
      <div id="image" hx-get={imageHref(image.id)} hx-trigger="containers-changed from:body" hx-select="#image" hx-swap="outerMorph">
        <div class="panes">
          <Section id="facts" title={t.facts} pane>
            <Facts ui={ui} image={image} />
          </Section>
          <Section id="names" title={t.names} pane>
            <Names ui={ui} image={image} />
          </Section>
        </div>
        <Section id="history" title={t.history} note={t.layers({ n: image.layers })} flush>
          <History ui={ui} layers={image.history} />
        </Section>
      </div>
      <FormDialog />
    </Layout>
  );
}

function Buttons({ ui, image }: { ui: Ui; image: ImageWhole }) {
  const t = ui.t.images;
  const href = imageHref(image.id);
  return (
    <>
      {ui.can('images.write') ? (
        <>
          <a class="btn" aria-label={t.addTag} {...asks(`${href}/tag`)}>
            <Icon ui={ui} name="plus" />
            <span class="desktop">{t.addTag}</span>
          </a>
          <a class="btn" href={`${href}/export${image.references[0] ? `?reference=${encodeURIComponent(image.references[0])}` : ''}`} download aria-label={t.export}>
            <Icon ui={ui} name="download" />
            <span class="desktop">{t.export}</span>
          </a>
        </>
      ) : null}
      {ui.can('images.admin') ? (
        <a class="btn" aria-label={ui.t.imagePush.action} {...asks(`${href}/push`)}>
          <Icon ui={ui} name="upload" />
          <span class="desktop">{ui.t.imagePush.action}</span>
        </a>
      ) : null}
      {ui.can('images.admin') ? (
        <a class="btn danger" aria-label={`${t.remove}…`} {...asks(`${href}/remove`)}>
          <Icon ui={ui} name="trash" />
          <span class="desktop">{t.remove}…</span>
        </a>
      ) : null}
    </>
  );
}

const Code = ({ children }: { children: string }) => <code class="xs">{children}</code>;

function Facts({ ui, image }: { ui: Ui; image: ImageWhole }) {
  const t = ui.t.images;
  const words = (list: readonly string[]) => (list.length ? <Code>{list.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')}</Code> : null);
  return (
    <Kv
      rows={[
        [t.size, ui.fmt.bytes(image.size)],
        [t.created, image.createdAt === null ? null : <DateTime ui={ui} at={image.createdAt} />],
        [t.platform, [image.os, image.architecture].filter(Boolean).join('/')],
        [t.entrypoint, words(image.entrypoint)],
        [t.command, words(image.command)],
        [t.user, image.user],
        [t.folder, image.folder ? <Code>{image.folder}</Code> : null],
        [t.ports, words(image.ports)],
        [t.volumes, words(image.volumes)],
        [t.author, image.author],
        [t.usedBy, <UsedBy ui={ui} usedBy={image.usedBy} none={t.unused} />],
        ['ID', <Code>{image.id}</Code>],
      ]}
    />
  );
}

function Names({ ui, image }: { ui: Ui; image: ImageWhole }) {
  const t = ui.t.images;
  if (image.references.length + image.digests.length === 0) return <p class="soft small">{t.noNames}</p>;
  return (
    <ul class="rows slim docker-names">
      {image.references.map((reference) => (
        <li>
          <span class="grow clip mono" title={reference}>{reference}</span>
          <CopyButton ui={ui} text={reference} />
          {ui.can('images.admin') ? (
            <a class="btn ghost only sm" aria-label={t.removeIt({ name: reference })} title={t.removeIt({ name: reference })} {...asks(`${imageHref(image.id)}/remove?reference=${encodeURIComponent(reference)}`)}>
              <Icon ui={ui} name="trash" />
            </a>
          ) : null}
        </li>
      ))}
      {image.digests.map((digest) => (
        <li>
          <span class="grow clip mono quiet" title={digest}>{digest}</span>
          <CopyButton ui={ui} text={digest} />
        </li>
      ))}
    </ul>
  );
}

function History({ ui, layers }: { ui: Ui; layers: readonly Layer[] }) {
  const t = ui.t.images;
  return (
    <table class="table">
      <caption class="vh">{t.history}</caption>
      <thead>
        <tr>
          <th scope="col">{t.step}</th>
          <th scope="col" class="num">{t.size}</th>
          <th scope="col" class="mid">{t.created}</th>
        </tr>
      </thead>
      <tbody>
        {layers.map((layer) => (
          <tr>
            <td class="truncate lead">
              <span class="mono xs clip below" title={layer.command || layer.comment}>{layer.command || layer.comment || '–'}</span>
            </td>
            <td class={layer.size ? 'num' : 'num quiet'}>{ui.fmt.bytes(layer.size)}</td>
            <td class="mid soft nowrap">{layer.createdAt === null ? '–' : <Time ui={ui} at={layer.createdAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
