import type { ImageWhole } from '../../core/images/images.ts';
import type { FormState } from '../../http/form.ts';
import { ContainerLinks } from '../docker/container-links.tsx';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import { imageHref, shortId } from './words.ts';

const back = (ui: Ui) => ({ href: '/images', label: ui.t.images.title });

/** @param mirrors what the engine asks before Docker Hub */
export function PullPage({ ui, mirrors, values, errors }: { ui: Ui; mirrors: readonly string[] } & FormState) {
  const t = ui.t.images;
  return (
    <FormPage ui={ui} title={t.pullTitle} back={back(ui)} action="/images/pull" submit={t.pullSubmit} errors={errors}>
      <Field ui={ui} name="reference" label={t.reference} value={values.reference ?? ''} hint={t.referenceHint} error={errors.reference} required autofocus mono maxlength={500} placeholder="redis:7-alpine" />
      {mirrors.length ? <p class="small soft">{t.mirrors({ mirrors: ui.fmt.list([...mirrors]) })}</p> : null}
    </FormPage>
  );
}

export function TagPage({ ui, image, values, errors }: { ui: Ui; image: ImageWhole } & FormState) {
  const t = ui.t.images;
  return (
    <FormPage ui={ui} title={t.tagTitle({ name: image.references[0] ?? shortId(image.id) })} back={back(ui)} action={`${imageHref(image.id)}/tag`} submit={t.addTag} errors={errors}>
      <Field ui={ui} name="reference" label={t.newName} value={values.reference ?? ''} hint={t.newNameHint} error={errors.reference} required autofocus mono maxlength={400} />
    </FormPage>
  );
}

interface RemoveProps {
  ui: Ui;
  image: ImageWhole;
  /** One of its names; null: all of it. */
  reference: string | null;
  errors: FormState['errors'];
}

/** Says what goes: a name, or the image with its layers; or that nothing can go, as containers run from it. */
export function RemoveImagePage({ ui, image, reference, errors }: RemoveProps) {
  const t = ui.t.images;
  const name = reference ?? image.references[0] ?? shortId(image.id);
  const only = reference !== null && image.references.length > 1;
  const running = only ? [] : image.usedBy.filter((one) => one.running);
  const stopped = image.usedBy.filter((one) => !one.running);
  if (running.length) {
    return (
      <FormPage ui={ui} title={t.removeTitle({ name })} back={back(ui)} action={`${imageHref(image.id)}/remove`} submit={null} errors={errors}>
        <p class="warn">
          <ContainerLinks ui={ui} containers={running} text={(containers) => t.removeRunning({ containers, n: running.length })} />
        </p>
      </FormPage>
    );
  }
  return (
    <FormPage ui={ui} title={t.removeTitle({ name })} back={back(ui)} action={`${imageHref(image.id)}/remove`} submit={only ? t.removeName : t.removeImage} danger errors={errors}>
      {reference === null ? null : <input type="hidden" name="reference" value={reference} />}
      <p>{only ? t.removeNameText({ n: image.references.length - 1 }) : t.removeText({ size: ui.fmt.bytes(image.size) })}</p>
      {stopped.length && !only ? (
        <p class="warn">
          <ContainerLinks ui={ui} containers={stopped} text={(containers) => t.removeUsed({ containers })} />
        </p>
      ) : null}
      {only ? null : <Option name="force" label={t.force} note={t.forceNote} />}
    </FormPage>
  );
}
