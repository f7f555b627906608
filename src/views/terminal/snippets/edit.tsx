import type { SnippetRow } from '../../../core/terminal/snippets/snippets.ts';
import { Layout } from '../../layout.tsx';
import { ConfirmDialog, opens } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import type { Ui } from '../../ui.ts';

interface Props {
  ui: Ui;
  /** null: a new one. */
  row: SnippetRow | null;
  /** What was typed and is wrong. */
  values: Record<string, string>;
  errors: Record<string, string>;
}

/** A snippet to write or to change. */
export function SnippetEditPage({ ui, row, values, errors }: Props) {
  const t = ui.t.snippets;
  const again = Object.keys(errors).length > 0;
  const error = (name: string) => (errors[name] ? { error: errors[name] } : {});
  const text = values.text ?? row?.text ?? '';
  const shared = again ? values.shared === 'on' : row !== null && row.userId === null;
  return (
    <Layout ui={ui} title={row ? t.editTitle : t.add}>
      <CrumbsHead label={t.title} crumbs={[{ href: '/terminal', label: ui.t.terminal.title }, { href: '/terminal/snippets', label: t.title }]} title={row ? t.editTitle : t.add}>
        {row ? (
          <button class="btn danger" type="button" {...opens('snippet-remove')}>
            {t.remove}
          </button>
        ) : null}
      </CrumbsHead>
      <Section id="snippet" title={row ? <bdi>{row.name}</bdi> : t.add}>
        <form class="form" method="post" action={row ? `/terminal/snippets/${row.id}` : '/terminal/snippets'}>
          <FormErrors ui={ui} errors={errors} />
          <Field ui={ui} name="name" label={t.name} value={values.name ?? row?.name ?? ''} maxlength={100} required autofocus={!row} {...error('name')} />
          <Field ui={ui} name="text" label={t.text} hint={t.textHint} value={text} rows={Math.min(20, Math.max(4, text.split('\n').length + 1))} maxlength={16_384} required mono {...error('text')} />
          <Option name="shared" label={t.shared} note={t.sharedNote} checked={shared} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {t.save}
            </button>
          </div>
        </form>
      </Section>
      {row ? (
        <ConfirmDialog ui={ui} id="snippet-remove" title={t.removeAsk({ name: row.name })} text={row.userId === null ? t.removeShared : t.removeText} action={`/terminal/snippets/${row.id}/remove`} submit={t.removeSubmit} />
      ) : null}
    </Layout>
  );
}
