import { QUIETS } from '../../core/volumes/backups/begun.ts';
import type { Backup } from '../../core/volumes/backups/kept.ts';
import type { Volume } from '../../core/volumes/volume.ts';
import type { FormState } from '../../http/form.ts';
import { FormPage } from '../form/page.tsx';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { backupHref, volumeHref } from './href.ts';

type VolumeForm = { ui: Ui; volume: Volume } & FormState;

const backTo = ({ name }: Pick<Volume, 'name'>) => ({ href: volumeHref(name), label: name });

/** What happens to the containers that use it meanwhile. */
function QuietField({ ui, volume, value }: { ui: Ui; volume: Volume; value: string | undefined }) {
  const t = ui.t.volumeBackups;
  const running = volume.usedBy.filter((one) => one.running).map(({ name }) => name);
  if (running.length === 0) return <p class="small soft">{t.noneRunning}</p>;
  return (
    <fieldset class="field">
      <legend class="label">{t.quiet}</legend>
      <p class="hint">{t.running({ containers: ui.fmt.list(running) })}</p>
      {QUIETS.map((quiet) => (
        <Option kind="radio" name="quiet" value={quiet} label={t.quietChoices[quiet]} note={t.quietNotes[quiet]} checked={(value ?? 'none') === quiet} />
      ))}
    </fieldset>
  );
}

export function BackupPage({ ui, volume, values, errors }: VolumeForm) {
  const t = ui.t.volumeBackups;
  return (
    <FormPage ui={ui} title={t.backupTitle(volume)} back={backTo(volume)} action={`${volumeHref(volume.name)}/backup`} submit={t.backupSubmit} errors={errors}>
      <QuietField ui={ui} volume={volume} value={values.quiet} />
      <p class="small soft">{t.backupText}</p>
    </FormPage>
  );
}

export function ClonePage({ ui, volume, values, errors }: VolumeForm) {
  const t = ui.t.volumeBackups;
  const again = Object.keys(values).length > 0;
  return (
    <FormPage ui={ui} title={t.cloneTitle(volume)} back={backTo(volume)} action={`${volumeHref(volume.name)}/clone`} submit={t.cloneSubmit} errors={errors}>
      <Field ui={ui} name="name" label={t.newName} value={values.name ?? `${volume.name.slice(0, 240)}-copy`} hint={ui.t.volumes.nameHint} error={errors.name} required autofocus mono maxlength={255} />
      <Option name="labels" label={t.cloneLabels} note={t.cloneLabelsNote} checked={again ? values.labels === 'on' : true} />
      {volume.driver === 'local' && Object.keys(volume.options).length === 0 ? null : <Option name="options" label={t.cloneOptions} note={errors.options} checked={values.options === 'on'} />}
      <QuietField ui={ui} volume={volume} value={values.quiet} />
    </FormPage>
  );
}

/** `there`: the volume that it is a backup of, unless that is gone; `refusal`: why its contents cannot be exchanged. */
export function RestorePage({ ui, backup, there, refusal, values, errors }: { ui: Ui; backup: Backup; there: Volume | null; refusal: string | null } & FormState) {
  const t = ui.t.volumeBackups;
  const over = there !== null && !refusal && values.how === 'over';
  const users = (there?.usedBy ?? []).filter(({ running }) => running).map(({ name }) => name);
  const [before = '', after = ''] = ui.t.parts.typeToConfirm.split('{name}');
  const into = <Field ui={ui} name="into" label={t.newName} value={values.into ?? (there ? `${backup.volume.slice(0, 240)}-restored` : backup.volume)} error={errors.into} mono maxlength={255} autofocus={!over} />;
  return (
    <FormPage
      ui={ui} title={t.restoreTitle({ name: backup.volume, when: ui.fmt.dateTime(backup.at) })} back={{ href: '/volumes/-/backups', label: t.allTitle }} action={`${backupHref(backup)}/restore`} submit={t.restoreSubmit} errors={errors}
      styles={['css/docker.css']}
    >
      {there ? (
        <fieldset class="field restore-into">
          <legend class="label">{t.restoreHow}</legend>
          <Option kind="radio" name="how" value="new" label={t.restoreNew} checked={!over} />
          <div class="of-new">{into}</div>
          <Option kind="radio" name="how" value="over" label={t.restoreOver} note={refusal ?? t.restoreOverText({ name: backup.volume })} checked={over} disabled={refusal !== null} />
          <div class="of-over">
            {users.length ? <p class="small warn">{t.restoreOverUsers({ containers: ui.fmt.list(users) })}</p> : null}
            <Field ui={ui} name="confirm" label={`${before}${backup.volume}${after}`} value={values.confirm ?? ''} error={errors.confirm} mono maxlength={255} />
          </div>
        </fieldset>
      ) : (
        <>
          <input type="hidden" name="how" value="new" />
          {into}
        </>
      )}
    </FormPage>
  );
}

export function RemoveBackupPage({ ui, backup, errors }: { ui: Ui; backup: Backup; errors: FormState['errors'] }) {
  const t = ui.t.volumeBackups;
  return (
    <FormPage ui={ui} title={t.removeTitle} back={{ href: '/volumes/-/backups', label: t.allTitle }} action={`${backupHref(backup)}/remove`} submit={t.removeSubmit} danger errors={errors}>
      <p>{t.removeText({ name: backup.volume, when: ui.fmt.dateTime(backup.at) })}</p>
    </FormPage>
  );
}

/** A file that is chosen is sent by volumes/import.js; a path works without it. */
export function ImportPage({ ui, values, errors }: { ui: Ui } & FormState) {
  const t = ui.t.volumeBackups;
  const words = { nothing: t.importNothing, failed: t.importFailed, sending: t.importSending };
  return (
    <Layout ui={ui} title={t.importTitle} scripts={['js/volumes/import.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/volumes', label: ui.t.volumes.title }, { href: '/volumes/-/backups', label: t.allTitle }]} title={t.importTitle} />
      <section class="section">
        <form method="post" action="/volumes/-/backups/import" class="form narrow" id="import" autocomplete="off" data-words={JSON.stringify(words)}>
          <FormErrors ui={ui} errors={errors} />
          <p class="small soft">{t.importText}</p>
          <Field ui={ui} name="name" label={t.importName} value={values.name ?? ''} hint={t.importNameHint} error={errors.name} required mono maxlength={255} autofocus />
          <div class="field" data-send hidden>
            <label for="import-file">{t.importFile}</label>
            <input class="input" type="file" id="import-file" accept=".tar,.gz,.tgz,.zst,.tzst" />
          </div>
          <noscript>
            <p class="hint">{t.needsScript}</p>
          </noscript>
          <Field ui={ui} name="path" label={t.importPath} value={values.path ?? ''} hint={t.importPathHint} error={errors.path} mono optional />
          <div class="gauge small" data-progress hidden>
            <span data-figure role="status"></span>
            <progress max={1} aria-label={t.importSending}></progress>
          </div>
          <p class="error" role="alert" data-fault hidden></p>
          <div class="btns">
            <a class="btn" href="/volumes/-/backups">
              {ui.t.parts.cancel}
            </a>
            <button class="btn primary" type="submit">
              {t.importSubmit}
            </button>
          </div>
        </form>
      </section>
    </Layout>
  );
}
