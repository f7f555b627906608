import type { Image } from '../../core/images/image.ts';
import type { FormState } from '../../http/form.ts';
import { Layout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { shortId } from './words.ts';

/** Several images in one tar: those that are ticked. */
export function ExportImagesPage({ ui, images, errors }: { ui: Ui; images: readonly Image[]; errors: FormState['errors'] }) {
  const t = ui.t.images;
  return (
    <Layout ui={ui} title={t.exportTitle}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: t.title }]} title={t.exportTitle} />
      <form method="post" action="/images/export">
        <FormErrors ui={ui} errors={errors} />
        <p class="lead-note">{t.exportText}</p>
        <table class="table sticky named-list">
          <caption class="vh">{t.exportTitle}</caption>
          <thead>
            <tr>
              <th scope="col">{t.image}</th>
              <th scope="col" class="num">{t.size}</th>
            </tr>
          </thead>
          <tbody>
            {images.map((image) => (
              <Row ui={ui} image={image} />
            ))}
          </tbody>
        </table>
        <div class="savebar">
          <div class="btns push">
            <button class="btn primary" type="submit">
              <Icon ui={ui} name="download" />
              {t.exportSubmit}
            </button>
          </div>
        </div>
      </form>
    </Layout>
  );
}

function Row({ ui, image }: { ui: Ui; image: Image }) {
  const t = ui.t.images;
  const name = image.reference ?? image.repository ?? t.unnamed;
  return (
    <tr>
      <td class="truncate lead">
        <label class="name">
          <input type="checkbox" class="check" name="images" value={image.reference ?? image.id} aria-label={t.chooseIt({ name: `${name} ${shortId(image.id)}` })} />
          <span class="grow">
            <b>{name}</b>
            <small class="mono">{shortId(image.id)}</small>
          </span>
        </label>
      </td>
      <td class="num">{ui.fmt.bytes(image.size)}</td>
    </tr>
  );
}
