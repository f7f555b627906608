import type { ComposeFault } from '../../core/stacks/fault.ts';
import type { FromRun } from '../../core/stacks/run-lines.ts';
import type { FormState } from '../../http/form.ts';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { EDITOR, EditorWords, Found, RunField, TextField, WaitField } from './edit.tsx';

export interface NewModel {
  state: FormState;
  seconds: number;
  fault: ComposeFault | null;
  /** Services that were made of commands. */
  made?: readonly FromRun[];
}

/** What a new file begins with. */
export const BEGINNING = 'services:\n  web:\n    image: \n    restart: unless-stopped\n    ports:\n      - "127.0.0.1:8080:80"\n';

export function NewStackPage({ ui, model: { state, fault, seconds, made } }: { ui: Ui; model: NewModel }) {
  const t = ui.t.stacks;
  const compose = state.values['compose'] ?? BEGINNING;
  const error = state.errors[''] ?? state.errors['compose'] ?? state.errors['env'] ?? state.errors['run'];
  const found = fault ? { fault } : error ? { error } : made ? { made } : null;
  return (
    <Layout ui={ui} title={t.new} {...EDITOR}>
      <form method="post" action="/stacks" id="stack-form" class="new-stack">
        <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }]} title={t.new} label={ui.t.parts.pages}>
          <button class="btn" type="submit" name="do" value="create">
            {t.create}
          </button>
          <button class="btn primary" type="submit" name="do" value="deploy">
            {t.createDeploy}
          </button>
        </CrumbsHead>
        <Found ui={ui} found={found} texts={fault?.file ? [{ path: fault.file, text: compose.replaceAll('\r\n', '\n') }] : []} />
        <section class="section form">
          <Field ui={ui} name="name" label={t.name} value={state.values['name'] ?? ''} hint={t.nameHint} {...(state.errors['name'] ? { error: state.errors['name'] } : {})} mono required maxlength={63} pattern="[a-z0-9][a-z0-9_\-]{0,62}" autofocus={!found} />
        </section>
        <TextField ui={ui} name="compose" label={t.compose} text={compose} rows={18} fault={fault} compose />
        <TextField ui={ui} name="env" label={t.env} text={state.values['env'] ?? ''} rows={5} hint={t.envHint} />
        <section class="section">
          <WaitField ui={ui} seconds={seconds} />
        </section>
        <RunField ui={ui} value={state.values['run'] ?? ''} open={Boolean(state.errors['run'])} />
      </form>
      <EditorWords ui={ui} />
    </Layout>
  );
}
