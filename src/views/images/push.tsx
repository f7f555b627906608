import type { ImageWhole } from '../../core/images/images.ts';
import { parseReference } from '../../core/images/reference.ts';
import type { FormState } from '../../http/form.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import type { Ui } from '../ui.ts';
import { imageHref, shortId } from './words.ts';

interface PushProps extends FormState {
  ui: Ui;
  image: ImageWhole;
  /** Registries with a sign-in. */
  hosts: readonly string[];
}

/** To a registry, under a name that says which. */
export function PushPage({ ui, image, hosts, values, errors }: PushProps) {
  const t = ui.t.imagePush;
  const from = values.reference || image.references[0] || '';
  return (
    <FormPage ui={ui} title={t.title({ name: image.references[0] ?? shortId(image.id) })} back={{ href: '/images', label: ui.t.images.title }} action={`${imageHref(image.id)}/push`} submit={t.submit} errors={errors}>
      <Field ui={ui} name="reference" label={t.reference} value={from} hint={t.hint} {...(errors.reference ? { error: errors.reference } : {})} required autofocus mono maxlength={400} attrs={{ list: 'push-targets' }} />
      <datalist id="push-targets">
        {targetsOf(image, hosts).map((target) => (
          <option value={target}></option>
        ))}
      </datalist>
      <p class="small soft">
        {hosts.length ? t.signedIn({ hosts: ui.fmt.list([...hosts]) }) : t.nobody} <a class="link" href="/images/registries">{t.registries}</a>
      </p>
    </FormPage>
  );
}

/** Its names, and the same at each registry that is signed in to. */
function targetsOf({ references }: ImageWhole, hosts: readonly string[]): string[] {
  const elsewhere = references.flatMap((reference) => {
    const parsed = parseReference(reference);
    if (!parsed) return [];
    const path = parsed.path.replace(/^library\//, '');
    return hosts.filter((host) => host !== parsed.domain).map((host) => `${host === 'docker.io' ? '' : `${host}/`}${path}:${parsed.tag ?? 'latest'}`);
  });
  return [...new Set([...references, ...elsewhere])].slice(0, 50);
}
