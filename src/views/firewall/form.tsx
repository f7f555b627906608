import type { Preview } from '../../core/firewall/change.ts';
import { RULE_ACTIONS } from '../../core/firewall/rule.ts';
import type { FormState } from '../../http/form.ts';
import type { FirewallState } from '../../platform/firewall.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { Commands, WillArm } from './commands.tsx';

interface RuleFormProps extends FormState {
  ui: Ui;
  state: Pick<FirewallState, 'abilities' | 'services' | 'zones' | 'provider'>;
  /** Path that it is posted to. */
  action: string;
  changes?: boolean;
  /** Docker has a chain that rules about published ports can stand in. */
  containers: boolean;
  preview: Preview | null;
  seconds: number;
}

export function RuleFormPage({ ui, state, action, changes, containers, preview, values, errors, seconds }: RuleFormProps) {
  const t = ui.t.firewall;
  const { abilities } = state;
  const actions = RULE_ACTIONS.filter((one) => abilities.actions.includes(one));
  const limit = abilities.limit === 'source' ? t.actionNotes.limitSource : t.actionNotes.limitAll;
  const notes = { ...t.actionNotes, limit };
  return (
    <FormPage ui={ui} title={changes ? t.changeTitle : t.addTitle} back={{ href: '/firewall', label: t.title }} action={action} submit={changes ? t.changeSubmit : t.addSubmit} errors={errors}>
      {containers && !changes ? <SegField name="scope" label={t.scope} value={values.scope ?? 'host'} choices={[{ value: 'host', label: t.scopes.host }, { value: 'containers', label: t.scopes.containers }]} /> : null}
      <SegField name="action" label={t.action} value={values.action ?? 'allow'} choices={actions.map((value) => ({ value, label: <span title={notes[value]}>{t.actions[value]}</span> }))} />
      <div class="cols-2">
        <Field ui={ui} name="ports" label={t.ports} value={values.ports ?? ''} hint={t.portsHint} error={errors.ports} mono autofocus inputmode="text" maxlength={200} />
        <Select ui={ui} name="protocol" label={t.protocol} value={values.protocol ?? 'tcp'} error={errors.protocol} choices={(['tcp', 'udp', 'any'] as const).map((value) => ({ value, label: t.protocols[value] }))} />
      </div>
      <Field ui={ui} name="source" label={t.source} value={values.source ?? ''} hint={t.sourceHint} error={errors.source} mono maxlength={60} optional />
      <Field ui={ui} name="comment" label={t.comment} value={values.comment ?? ''} hint={abilities.comments ? t.commentHint : t.commentKept} error={errors.comment} maxlength={120} optional />
      <More ui={ui} state={state} values={values} errors={errors} />
      <WillArm ui={ui} preview={preview} values={values} errors={errors} seconds={seconds} />
      <Commands ui={ui} commands={preview?.commands ?? null} />
    </FormPage>
  );
}

/** What most rules do not need. */
function More({ ui, state: { abilities, services, zones }, values, errors }: Pick<RuleFormProps, 'ui' | 'state' | 'values' | 'errors'>) {
  const t = ui.t.firewall;
  const used = ['service', 'destination', 'interface'].some((name) => values[name]) || values.direction === 'out' || (values.family ?? 'both') !== 'both' || ['service', 'destination', 'interface', 'zone', 'family', 'direction'].some((name) => errors[name]);
  return (
    <details class="firewall-more" open={used}>
      <summary>{t.more}</summary>
      <div class="form">
        {services.length ? (
          <>
            <Field ui={ui} name="service" label={t.service} value={values.service ?? ''} hint={t.serviceHint} error={errors.service} optional attrs={{ list: 'firewall-services' }} maxlength={63} />
            <datalist id="firewall-services">
              {services.map((name) => (
                <option value={name}></option>
              ))}
            </datalist>
          </>
        ) : null}
        {abilities.out ? <SegField name="direction" label={t.direction} value={values.direction ?? 'in'} choices={(['in', 'out'] as const).map((value) => ({ value, label: t.directions[value] }))} /> : null}
        <Select ui={ui} name="family" label={t.family} value={values.family ?? 'both'} error={errors.family} choices={(['both', 'v4', 'v6'] as const).map((value) => ({ value, label: t.families_[value] }))} />
        {abilities.destinations ? <Field ui={ui} name="destination" label={t.destination} value={values.destination ?? ''} hint={t.destinationHint} error={errors.destination} mono optional maxlength={60} /> : null}
        {abilities.interfaces ? <Field ui={ui} name="interface" label={t.interface} value={values.interface ?? ''} hint={t.interfaceHint} error={errors.interface} mono optional maxlength={15} /> : null}
        {zones.length ? <Select ui={ui} name="zone" label={t.zone} value={values.zone ?? zones[0]!.name} error={errors.zone} choices={zones.map(({ name }) => ({ value: name, label: name }))} /> : null}
      </div>
    </details>
  );
}
