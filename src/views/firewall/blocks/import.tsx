import type { ImportPreview } from '../../../core/blocks/import.ts';
import type { FormState } from '../../../http/form.ts';
import { Layout } from '../../layout.tsx';
import { Field, fieldId, FieldNotes } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import type { Ui } from '../../ui.ts';
import { DURATIONS, Lasts } from './forms.tsx';

/** Lines that are told one by one; of the rest it is said how many there are. */
const REFUSED_SHOWN = 100;

interface Props extends FormState {
  ui: Ui;
  /** null: nothing was checked yet. */
  preview: ImportPreview | null;
}

/** The text is checked first and brought in by the second button: the same form, with what was given. */
export function ImportPage({ ui, preview, values, errors }: Props) {
  const t = ui.t.blocks;
  const good = preview !== null && preview.added + preview.known > 0;
  return (
    <Layout ui={ui} title={t.importTitle} styles={['css/blocks.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/firewall/blocks', label: t.title }]} title={t.importTitle} />
      {preview ? <Preview ui={ui} preview={preview} /> : null}
      <div class="section">
        <form method="post" action="/firewall/blocks/import" enctype="multipart/form-data" class="form narrow" autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <p class="small muted">{t.importText}</p>
          <Field ui={ui} name="name" label={t.listName} value={values.name ?? ''} hint={t.listNameHint} error={errors.name} required maxlength={60} autofocus={!preview} />
          <Field ui={ui} name="text" label={t.text} value={values.text ?? ''} error={errors.text} mono rows={preview ? 6 : 12} placeholder={'203.0.113.7\n198.51.100.0/24 # why\n2001:db8::/48'} />
          <div class="field">
            <label for={fieldId('file')}>{t.file}</label>
            <input class="input" type="file" id={fieldId('file')} name="file" accept=".txt,.csv,.netset,.ipset,.list,text/plain" />
            <FieldNotes ui={ui} id={fieldId('file')} hint={t.fileHint} />
          </div>
          <Lasts ui={ui} value={values.lasts ?? DURATIONS.forGood} />
          <Option name="replace" label={t.replace} note={t.replaceNote} checked={values.replace === 'on'} />
          <div class="btns">
            <a class="btn" href="/firewall/blocks">
              {ui.t.parts.cancel}
            </a>
            <button class={good ? 'btn' : 'btn primary'} type="submit" name="step" value="check">
              {t.check}
            </button>
            {good ? (
              <button class="btn primary" type="submit" name="step" value="import">
                {t.importSubmit}
              </button>
            ) : null}
          </div>
        </form>
      </div>
    </Layout>
  );
}

function Preview({ ui, preview }: { ui: Ui; preview: ImportPreview }) {
  const t = ui.t.blocks;
  const n = (value: number) => ui.fmt.number(value);
  const facts = [
    t.added({ n: n(preview.added) }), t.known({ n: n(preview.known) }),
    ...(preview.repeated ? [t.repeated({ n: n(preview.repeated) })] : []), ...(preview.removed ? [t.removed({ n: n(preview.removed) })] : []),
    t.refusedCount({ n: n(preview.refused.length) }),
  ];
  const rest = preview.refused.length - REFUSED_SHOWN;
  return (
    <Section id="preview" title={t.preview} note={ui.fmt.list(facts)} flush={preview.refused.length > 0}>
      {preview.refused.length ? (
        <table class="table refused">
          <caption class="vh">{t.refusedCount({ n: n(preview.refused.length) })}</caption>
          <thead>
            <tr>
              <th scope="col" class="num">{t.line}</th>
              <th scope="col">{t.text}</th>
              <th scope="col">{t.why}</th>
            </tr>
          </thead>
          <tbody>
            {preview.refused.slice(0, REFUSED_SHOWN).map(({ line, text, why }) => (
              <tr>
                <td class="num quiet">{line}</td>
                <td class="mono clip">{text}</td>
                <td>{t.protected[why]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {rest > 0 ? <p class="pager">{t.refusedMore({ n: n(rest) })}</p> : null}
    </Section>
  );
}
