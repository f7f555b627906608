import type { Child } from 'hono/jsx';
import { RESTART_POLICIES, type ContainerDetail } from '../../core/containers/detail.ts';
import type { FormState } from '../../http/form.ts';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';

interface ChangeProps extends FormState {
  ui: Ui;
  one: ContainerDetail;
}

export function RenameContainerPage({ ui, one, values, errors }: ChangeProps) {
  const t = ui.t.container;
  return (
    <ChangePage ui={ui} one={one} title={t.renameTitle({ name: one.name })} action="rename" submit={t.renameDo} errors={errors}>
      <Field ui={ui} name="name" label={t.name} value={values.name ?? one.name} error={errors.name} hint={t.nameHint} mono required autofocus maxlength={128} />
    </ChangePage>
  );
}

const MIB = 2 ** 20;

export function ContainerLimitsPage({ ui, one, values, errors }: ChangeProps) {
  const t = ui.t.container;
  const memory = one.memoryLimit === null ? '' : String(Math.round(one.memoryLimit / MIB));
  const cpus = one.cpuLimit === null ? '' : String(one.cpuLimit);
  return (
    <ChangePage ui={ui} one={one} title={t.limitsTitle({ name: one.name })} text={t.limitsText} action="limits" submit={t.limitsDo} errors={errors}>
      <div class="cols-2">
        <Field ui={ui} name="memory" label={t.memory} value={values.memory ?? memory} error={errors.memory} hint={t.memoryHint} after="MiB" inputmode="numeric" autofocus />
        <Field ui={ui} name="cpus" label={t.cpus} value={values.cpus ?? cpus} error={errors.cpus} hint={t.cpusHint} inputmode="decimal" />
        <Select ui={ui} name="restart" label={t.restart} value={values.restart ?? one.restartPolicy} choices={RESTART_POLICIES.map((value) => ({ value, label: t.policies[value] }))} />
        <Field ui={ui} name="retries" label={t.retries} value={values.retries ?? String(one.restartsMost)} error={errors.retries} hint={t.retriesHint} inputmode="numeric" />
      </div>
    </ChangePage>
  );
}

interface FormPageProps {
  ui: Ui;
  one: ContainerDetail;
  title: string;
  text?: string;
  action: string;
  submit: string;
  errors: Readonly<Record<string, string>>;
  children: Child;
}

/** A form about one container: a page of its own, of which a dialog shows the form. */
export function ChangePage({ ui, one, title, text, action, submit, errors, children }: FormPageProps) {
  const to = `/containers/${one.id}`;
  return (
    <Layout ui={ui} title={title} styles={['css/containers.css']}>
      <CrumbsHead crumbs={[{ href: '/containers', label: ui.t.containers.title }, { href: to, label: one.name }]} title={title} label={ui.t.parts.pages} />
      <div class="section">
        <form class="form" id="change-form" method="post" action={`${to}/${action}`} hx-post={`${to}/${action}`} hx-target="#change-form" hx-select="#change-form" hx-swap="outerHTML" autocomplete="off">
          <h2 id="dialog-h">{title}</h2>
          {text ? <p class="small muted">{text}</p> : null}
          <FormErrors ui={ui} errors={errors} />
          {children}
          <div class="btns">
            <a class="btn" href={to} data-close>
              {ui.t.parts.cancel}
            </a>
            <button class="btn primary" type="submit">
              {submit}
            </button>
          </div>
        </form>
      </div>
    </Layout>
  );
}
