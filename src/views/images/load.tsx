import type { FormState } from '../../http/form.ts';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

/** Archives of images: from the person's own machine, or from this one. */
export function LoadPage({ ui, values, errors }: { ui: Ui } & FormState) {
  const t = ui.t.imageLoad;
  return (
    <Layout ui={ui} title={t.title} scripts={['js/images/load.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: ui.t.images.title }]} title={t.title} />
      <p class="lead-note">{t.lead}</p>
      <div class="scripted">
        <Section id="upload" title={t.upload}>
          <form class="form narrow" id="load-upload" method="get" action="/images/load" data-failed={t.failed} data-uploading={t.uploading} data-unpacking={t.unpacking}>
            <Field ui={ui} type="file" name="archive" label={t.file} hint={t.uploadHint} required attrs={{ accept: '.tar,.tgz,.gz,.zst,.tzst,.xz,.bz2,application/x-tar' }} />
            <div class="gauge small" id="load-progress" hidden>
              <span class="row">
                <span class="grow" role="status"></span>
              </span>
              <progress max={1} aria-label={t.uploading}></progress>
            </div>
            <p class="error" id="load-error" role="alert" hidden></p>
            <div class="btns">
              <button class="btn primary" type="submit">{t.uploadSubmit}</button>
            </div>
          </form>
        </Section>
      </div>
      <Section id="machine" title={t.machine}>
        <form class="form narrow" method="post" action="/images/load/file" autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <Field
            ui={ui} name="path" label={t.path} value={values.path ?? ''} hint={t.pathHint} {...(errors.path ? { error: errors.path } : {})} required mono placeholder="/srv/images/shop.tar.gz"
            attrs={{ list: 'load-names', 'data-complete': true }}
          />
          <datalist id="load-names"></datalist>
          <div class="btns">
            <button class="btn primary" type="submit">{t.machineSubmit}</button>
          </div>
        </form>
      </Section>
    </Layout>
  );
}
