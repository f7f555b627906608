import { shownName } from '../../lib/file-name.ts';
import { Secret } from '../parts/copy.tsx';
import { Field } from '../parts/field.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Select } from '../parts/select.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { ActionForm, ActionPage } from './action-page.tsx';
import { folderHref } from './href.ts';

interface ShareProps {
  ui: Ui;
  path: string;
  name: string;
  folder: string;
}

/** How long a link may be valid, in hours; '': until it is revoked. */
const EXPIRY = [['hour', '1'], ['day', '24'], ['week', '168'], ['month', '720'], ['year', '8760'], ['never', '']] as const;

interface NewShareProps extends ShareProps {
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

export function NewSharePage({ ui, path, name, folder, values, errors }: NewShareProps) {
  const t = ui.t.shares;
  return (
    <ActionPage ui={ui} title={t.newTitle({ name: shownName(name) })} folder={folder}>
      <ActionForm ui={ui} action="/files/share" folder={folder} submit={t.create} errors={errors}>
        <p class="small soft">{t.lead}</p>
        <input type="hidden" name="path" value={path} />
        <Select ui={ui} name="hours" label={t.expires} value={values.hours ?? '168'} choices={EXPIRY.map(([key, value]) => ({ value, label: t.expiryChoices[key] }))} error={errors.hours ?? errors.expiresInHours} />
        <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" optional hint={t.passwordHint} error={errors.password} />
        <Field ui={ui} name="most" label={t.most} type="number" inputmode="numeric" min={1} max={100_000} optional value={values.most ?? ''} hint={t.mostHint} error={errors.most ?? errors.downloadsMost} />
      </ActionForm>
    </ActionPage>
  );
}

/** The link, this once. */
export function MadeSharePage({ ui, name, folder, link, expiresAt }: ShareProps & { link: string; expiresAt: number | null }) {
  const t = ui.t.shares;
  return (
    <ActionPage ui={ui} title={t.made({ name: shownName(name) })} folder={folder}>
      <div class="form">
        <Secret ui={ui} id="share-link" label={t.link} value={link} />
        <p class="small soft">
          {t.ends}: {expiresAt === null ? t.never : <DateTime ui={ui} at={expiresAt} />}
        </p>
        <div class="btns">
          <a class="btn" href="/files/shares">
            {t.all}
          </a>
          <a class="btn primary" href={folderHref(folder)} data-cancel>
            {ui.t.parts.close}
          </a>
        </div>
      </div>
    </ActionPage>
  );
}
