import type { Place } from '../../../core/containers/files/place.ts';
import { baseOf, parentOf } from '../../../core/files/paths.ts';
import type { FormState } from '../../../http/form.ts';
import { label } from '../../files/label.ts';
import { Layout } from '../../layout.tsx';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import type { Ui } from '../../ui.ts';
import { fileHref, filesHref } from './href.ts';

interface NameProps extends FormState {
  ui: Ui;
  place: Pick<Place, 'id' | 'name'>;
  /** What is renamed, or the folder that gets a new one. */
  path: string;
  what: 'rename' | 'folder';
}

/** A name for something: a page of its own, of which a dialog shows the form. */
export function NamePage({ ui, place, path, what, values, errors }: NameProps) {
  const t = ui.t.containerFiles;
  const old = baseOf('posix', path);
  const title = what === 'rename' ? t.renameTitle({ name: label(old) }) : t.newFolder;
  const action = fileHref(place.id, what, path);
  return (
    <Layout ui={ui} title={title} styles={['css/containers.css']}>
      <Head ui={ui} place={place} path={path} title={title} />
      <div class="section">
        <form class="form" id="change-form" method="post" action={action} hx-post={action} hx-target="#change-form" hx-select="#change-form" hx-swap="outerHTML" autocomplete="off">
          <h2 id="dialog-h">{title}</h2>
          <FormErrors ui={ui} errors={errors} />
          <Field ui={ui} name="name" label={what === 'rename' ? t.newName : t.folderName} value={values.name ?? (what === 'rename' ? old : '')} error={errors.name} mono required autofocus maxlength={255} />
          <div class="btns">
            <a class="btn" href={filesHref(place.id, what === 'rename' ? parentOf('posix', path) : path)} data-close>
              {ui.t.parts.cancel}
            </a>
            <button class="btn primary" type="submit">
              {what === 'rename' ? t.renameDo : t.make}
            </button>
          </div>
        </form>
      </div>
    </Layout>
  );
}

/** Asks before files are removed. */
export function RemovePage({ ui, place, paths, refusal }: { ui: Ui; place: Pick<Place, 'id' | 'name'>; paths: readonly string[]; refusal: string | null }) {
  const t = ui.t.containerFiles;
  const title = t.removeTitle({ n: paths.length, shown: ui.fmt.number(paths.length) });
  const folder = parentOf('posix', paths[0]!);
  const action = `/containers/${place.id}/files/delete`;
  return (
    <Layout ui={ui} title={title} styles={['css/containers.css']}>
      <Head ui={ui} place={place} path={folder} title={title} />
      <div class="section">
        <form method="post" action={action} hx-post={action} hx-target="#remove-form" hx-select="#remove-form" hx-swap="outerHTML" id="remove-form">
          <h2 id="remove-h">{title}</h2>
          <ul class="rows slim">
            {paths.map((path) => (
              <li>
                <input type="hidden" name="path" value={path} />
                <span class="mono clip">{label(path)}</span>
              </li>
            ))}
          </ul>
          <p>{t.removeText}</p>
          {refusal ? <p class="warn" role="alert">{refusal}</p> : null}
          <div class="btns">
            <a class="btn" href={filesHref(place.id, folder)} data-close>
              {ui.t.parts.cancel}
            </a>
            <button class="btn danger primary" type="submit" disabled={refusal !== null}>
              {t.removeDo}
            </button>
          </div>
        </form>
      </div>
    </Layout>
  );
}

function Head({ ui, place, path, title }: { ui: Ui; place: Pick<Place, 'id' | 'name'>; path: string; title: string }) {
  const crumbs = [{ href: '/containers', label: ui.t.containers.title }, { href: `/containers/${place.id}`, label: place.name }, { href: filesHref(place.id, path), label: ui.t.containerFiles.title }];
  return <CrumbsHead crumbs={crumbs} title={title} label={ui.t.parts.pages} />;
}
