import type { Child } from 'hono/jsx';
import type { RestoreConflict } from '../../../core/files/trash/restore.ts';
import { Layout } from '../../layout.tsx';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { ToastFragment } from '../../parts/toast.tsx';
import type { Ui } from '../../ui.ts';
import { label } from '../label.ts';
import { ConflictTable } from '../operations/transfer.tsx';

interface TrashFormProps {
  ui: Ui;
  title: string;
  action: string;
  ids: readonly string[];
  submit: string;
  danger?: boolean;
  wide?: boolean;
  errors?: Readonly<Record<string, string>>;
  children?: Child;
}

/** A question about what lies in the trash. */
function TrashForm({ ui, title, action, ids, submit, danger, wide, errors = {}, children }: TrashFormProps) {
  return (
    <Layout ui={ui} title={title} styles={['css/files.css']}>
      <CrumbsHead crumbs={[{ href: '/files/trash', label: ui.t.trash.title }]} title={title} label={ui.t.trash.title} />
      <section class={wide ? 'section action wide' : 'section action'}>
        <form class="form" method="post" action={action}>
          <FormErrors ui={ui} errors={errors} />
          <Ids ids={ids} />
          {children}
          <div class="btns">
            <a class="btn" href="/files/trash">{ui.t.parts.cancel}</a>
            <button class={danger ? 'btn danger primary' : 'btn primary'} type="submit">{submit}</button>
          </div>
        </form>
      </section>
    </Layout>
  );
}

const Ids = ({ ids }: { ids: readonly string[] }) => (
  <>
    {ids.map((id) => (
      <input type="hidden" name="id" value={id} />
    ))}
  </>
);

/** Something is where it was: for all, or one by one. */
export function RestoreConflictsPage({ ui, ids, recreate, conflicts, more }: { ui: Ui; ids: readonly string[]; recreate: boolean; conflicts: readonly RestoreConflict[]; more: boolean }) {
  const t = ui.t.transfers.conflicts;
  const keys = new Map(conflicts.map((item) => [item as object, item.id]));
  return (
    <TrashForm ui={ui} title={t.title({ n: conflicts.length })} action="/files/trash/restore" ids={ids} submit={ui.t.trash.restore} wide>
      {recreate ? <input type="hidden" name="recreate" value="on" /> : null}
      <p>{t.text} {more ? t.more : ''}</p>
      <ConflictTable ui={ui} items={conflicts} keyOf={(item) => keys.get(item)!} />
    </TrashForm>
  );
}

/** The folders it came from are gone. */
export function RestoreMissingPage({ ui, ids, folders }: { ui: Ui; ids: readonly string[]; folders: readonly string[] }) {
  const t = ui.t.trash;
  return (
    <TrashForm ui={ui} title={t.missingTitle} action="/files/trash/restore" ids={ids} submit={t.recreate}>
      <input type="hidden" name="recreate" value="on" />
      <p>{t.missingText}</p>
      <ul class="mono">
        {folders.slice(0, 50).map((path) => (
          <li><bdi>{label(path)}</bdi></li>
        ))}
      </ul>
    </TrashForm>
  );
}

/** Some of it, or everything (`ids` empty), for good: the number has to be typed. */
export function EmptyTrashPage({ ui, ids, count, errors }: { ui: Ui; ids: readonly string[]; count: number; errors?: Readonly<Record<string, string>> }) {
  const t = ui.t.trash;
  const all = ids.length === 0;
  return (
    <TrashForm ui={ui} title={all ? t.emptyAsk : t.removeTitle({ n: count })} action={all ? '/files/trash/empty' : '/files/trash/delete'} ids={ids} submit={all ? t.empty : t.remove} danger {...(errors ? { errors } : {})}>
      <p>{t.emptyAskText({ n: count })}</p>
      <Field ui={ui} name="confirm" mono required autofocus inputmode="numeric" label={ui.t.transfers.confirmCount({ word: String(count) })} {...(errors?.confirm ? { error: errors.confirm } : {})} />
    </TrashForm>
  );
}

/** Says what went to the trash, with the way back. */
export function TrashedToast({ ui, title, ids, folder }: { ui: Ui; title: string; ids: readonly string[]; folder: string }) {
  return (
    <ToastFragment ui={ui} about="files-trash" title={title}>
      <form method="post" action="/files/trash/undo" hx-post="/files/trash/undo" hx-target="#action">
        <Ids ids={ids} />
        <input type="hidden" name="folder" value={folder} />
        <button class="btn sm" type="submit">{ui.t.transfers.undo}</button>
      </form>
    </ToastFragment>
  );
}
