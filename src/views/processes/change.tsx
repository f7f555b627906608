import { ends } from '../../core/processes/change.ts';
import type { OneProcess } from '../../core/processes/one.ts';
import type { FormState } from '../../http/form.ts';
import type { ProcessSignal } from '../../platform/processes.ts';
import { FormPage } from '../form/page.tsx';
import { Banner } from '../parts/banner.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import { processPath } from './row.tsx';

interface ChangeProps extends FormState {
  ui: Ui;
  one: OneProcess;
}

const backTo = ({ row }: OneProcess) => ({ href: processPath(row), label: `${row.name} (${row.pid})` });

export function SignalPage({ ui, one, signal, command, values, errors }: ChangeProps & { signal: ProcessSignal; command: string }) {
  const t = ui.t.processes;
  const verb = t.does[signal];
  const refused = one.guard === 'kernel';
  return (
    <FormPage
      ui={ui} title={t.ask({ verb, name: `${one.row.name} (${one.row.pid})` })} back={backTo(one)} action={`${processPath(one.row)}/signal`}
      submit={refused ? null : verb} danger={ends(signal)} errors={errors}
    >
      <input type="hidden" name="signal" value={signal} />
      <p class="small muted">{t.explains[signal]}</p>
      {one.guard ? <Banner ui={ui} tone={one.guard === 'system' ? 'warn' : 'danger'} text={t.guards[one.guard]} /> : null}
      {one.tree > 1 && !refused ? <Option name="tree" label={t.withTree({ n: ui.fmt.number(one.tree) })} checked={values.tree === 'on'} /> : null}
      {one.guard && !refused ? <Field ui={ui} name="confirm" label={t.typeName({ name: one.row.name })} error={errors.confirm} mono required autofocus /> : null}
      <p class="small muted">{t.commands}</p>
      <pre class="snippet">{command}</pre>
    </FormPage>
  );
}

export function PriorityPage({ ui, one, values, errors }: ChangeProps) {
  const t = ui.t.processes;
  return (
    <FormPage ui={ui} title={t.priorityTitle({ name: `${one.row.name} (${one.row.pid})` })} back={backTo(one)} action={`${processPath(one.row)}/priority`} submit={t.prioritySave} errors={errors}>
      <Field ui={ui} name="nice" label={t.priorityField} type="number" min={-20} max={19} value={values.nice ?? String(one.row.nice ?? 0)} error={errors.nice} hint={t.priorityHint} required autofocus />
    </FormPage>
  );
}
