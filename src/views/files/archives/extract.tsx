import type { ReadableFormat } from '../../../core/files/archives/formats.ts';
import { NAME_ENCODINGS } from '../../../core/files/archives/names.ts';
import type { FormState } from '../../../http/form.ts';
import { Banner } from '../../parts/banner.tsx';
import { Field } from '../../parts/field.tsx';
import { Option } from '../../parts/option.tsx';
import { PasswordField } from '../../parts/password.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';
import { ActionForm, ActionPage } from '../action-page.tsx';
import { encodePath, folderHref } from '../href.ts';
import { label } from '../label.ts';

export const PLACES = ['keep-both', 'replace', 'skip'] as const;

interface ExtractPageProps extends FormState {
  ui: Ui;
  folder: string;
  name: string;
  path: string;
  /** The folder that everything goes into, as it is proposed. */
  stem: string;
  /** A format that needs a program which this machine does not have. */
  missing: ReadableFormat | null;
}

export function ExtractPage({ ui, folder, name, path, stem, missing, values, errors }: ExtractPageProps) {
  const t = ui.t.archives.extract;
  const title = t.title({ name: label(name) });
  if (missing) {
    return (
      <ActionPage ui={ui} title={title} folder={folder}>
        <Banner ui={ui} tone="warn" text={ui.t.archives.errors.noTool({ format: missing })} />
        <div class="btns">
          <a class="btn" href={folderHref(folder)} data-cancel>
            {ui.t.parts.close}
          </a>
        </div>
      </ActionPage>
    );
  }
  const contentsHref = `/files/archive/contents?path=${encodePath(path)}`;
  const contents = (
    <a class="btn" href={contentsHref} hx-get={contentsHref} hx-target="#action" hx-select="#action" hx-swap="outerHTML">
      {ui.t.archives.contents.action}
    </a>
  );
  return (
    <ActionPage ui={ui} title={title} folder={folder}>
      <ActionForm ui={ui} action="/files/extract" folder={folder} submit={t.submit} errors={errors} buttons={contents}>
        <input type="hidden" name="path" value={path} />
        <Field ui={ui} name="to" label={t.to} mono required maxlength={300_000} value={values.to ?? folder} error={errors.to} />
        <Field ui={ui} name="into" label={t.into} hint={t.intoHint} mono optional maxlength={255} value={values.into ?? stem} error={errors.into} />
        <Select ui={ui} name="conflict" label={t.conflict} choices={PLACES.map((value) => ({ value, label: t.conflicts[value] }))} value={values.conflict ?? 'keep-both'} />
        <PasswordField ui={ui} name="password" label={t.password} optional autocomplete="new-password" error={errors.password} />
        <Select ui={ui} name="encoding" label={t.encoding} hint={t.encodingHint} choices={encodings(ui)} value={values.encoding ?? 'auto'} />
        {ui.can('files.owner') ? <Option name="special" label={t.special} note={t.specialNote} checked={values.special === 'on'} /> : null}
        <Option name="large" label={t.large} note={t.largeNote} checked={values.large === 'on'} />
      </ActionForm>
    </ActionPage>
  );
}

export const encodings = (ui: Ui) => NAME_ENCODINGS.map((value) => ({ value, label: ui.t.archives.extract.encodings[value] }));
