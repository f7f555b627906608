import type { Child } from 'hono/jsx';
import { dropsOnly } from '../../core/firewall/rule.ts';
import type { Preview } from '../../core/firewall/change.ts';
import type { FormState } from '../../http/form.ts';
import type { FirewallState } from '../../platform/firewall.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import { Select } from '../parts/select.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { Commands, WillArm } from './commands.tsx';

const back = (ui: Ui) => ({ href: '/firewall', label: ui.t.firewall.title });

interface AskProps extends FormState {
  ui: Ui;
  title: string;
  action: string;
  submit: string;
  danger?: boolean;
  text?: Child;
  preview: Preview;
  seconds: number;
  children?: Child;
}

/** Asks before something that is one click: with what will run, and whom it would lock out. */
export function AskPage({ ui, title, action, submit, danger, text, preview, values, errors, seconds, children }: AskProps) {
  return (
    <FormPage ui={ui} title={title} back={back(ui)} action={action} submit={submit} danger={danger ?? false} errors={errors}>
      {text ? <p class="small muted">{text}</p> : null}
      {children}
      <WillArm ui={ui} preview={preview} values={values} errors={errors} seconds={seconds} />
      <Commands ui={ui} commands={preview.commands} />
    </FormPage>
  );
}

interface EnableProps extends FormState {
  ui: Ui;
  name: string;
  /** Ports that rules would be made for; none: they are there. */
  ports: readonly string[];
  preview: Preview;
  seconds: number;
}

export function EnablePage({ ui, name, ports, preview, values, errors, seconds }: EnableProps) {
  const t = ui.t.firewall;
  return (
    <AskPage ui={ui} title={t.enableTitle({ name })} action="/firewall/enable" submit={t.enableSubmit} text={t.enableText} preview={preview} values={values} errors={errors} seconds={seconds}>
      {ports.length ? <Option name="letIn" label={t.letIn} note={t.letInNote({ ports: ui.fmt.list([...ports]) })} checked={values.letIn === 'on'} /> : <p class="small">{t.letInThere}</p>}
    </AskPage>
  );
}

interface PolicyProps extends FormState {
  ui: Ui;
  state: FirewallState;
  preview: Preview | null;
  seconds: number;
}

export function PolicyPage({ ui, state: { abilities, provider, zones }, preview, values, errors, seconds }: PolicyProps) {
  const t = ui.t.firewall;
  const policies = (['allow', 'deny', 'reject'] as const).filter((one) => one !== 'reject' || !dropsOnly({ provider }));
  return (
    <FormPage ui={ui} title={t.policyTitle} back={back(ui)} action="/firewall/policy" submit={t.policySubmit} errors={errors}>
      <SegField name="direction" label={t.direction} value={values.direction ?? 'in'} choices={abilities.defaults.map((value) => ({ value, label: t.policyOf[value] }))} />
      {zones.length > 1 ? <Select ui={ui} name="zone" label={t.zone} value={values.zone ?? zones[0]!.name} error={errors.zone} choices={zones.map(({ name }) => ({ value: name, label: name }))} /> : null}
      <SegField name="policy" label={t.policyField} value={values.policy ?? 'deny'} choices={policies.map((value) => ({ value, label: t.policies[value] }))} />
      <WillArm ui={ui} preview={preview} values={values} errors={errors} seconds={seconds} />
      <Commands ui={ui} commands={preview?.commands ?? null} />
    </FormPage>
  );
}

interface ForwardProps extends FormState {
  ui: Ui;
  preview: Preview | null;
  seconds: number;
}

export function ForwardPage({ ui, preview, values, errors, seconds }: ForwardProps) {
  const t = ui.t.firewall;
  return (
    <FormPage ui={ui} title={t.forwardTitle} back={back(ui)} action="/firewall/forwards" submit={t.forwardSubmit} errors={errors}>
      <p class="small muted">{t.forwardNote}</p>
      <div class="cols-2">
        <Field ui={ui} name="port" label={t.forwardPort} type="number" min={1} max={65535} value={values.port ?? ''} error={errors.port} required autofocus />
        <SegField name="protocol" label={t.protocol} value={values.protocol ?? 'tcp'} choices={[{ value: 'tcp', label: 'TCP' }, { value: 'udp', label: 'UDP' }]} />
      </div>
      <div class="cols-2">
        <Field ui={ui} name="toAddress" label={t.forwardTo} hint={t.forwardToHint} value={values.toAddress ?? ''} error={errors.toAddress} mono optional maxlength={45} />
        <Field ui={ui} name="toPort" label={t.forwardToPort} type="number" min={1} max={65535} value={values.toPort ?? ''} error={errors.toPort} required />
      </div>
      <WillArm ui={ui} preview={preview} values={values} errors={errors} seconds={seconds} />
      <Commands ui={ui} commands={preview?.commands ?? null} />
    </FormPage>
  );
}

/** Only commands: nobody is locked out by it. */
export function InstallPage({ ui, name, provider, commands }: { ui: Ui; name: string; provider: string; commands: readonly string[] }) {
  const t = ui.t.firewall;
  return (
    <FormPage ui={ui} title={t.installTitle({ name })} back={back(ui)} action="/firewall/install" submit={t.install({ name })}>
      <input type="hidden" name="provider" value={provider} />
      <p class="small muted">{t.installText}</p>
      <Commands ui={ui} commands={commands} />
    </FormPage>
  );
}
