import { NETWORK_DRIVERS } from '../../core/networks/new.ts';
import type { NetworkWhole } from '../../core/networks/networks.ts';
import type { FormState } from '../../http/form.ts';
import { ContainerLinks } from '../docker/container-links.tsx';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';

const back = (ui: Ui) => ({ href: '/networks', label: ui.t.networks.title });

export function NewNetworkPage({ ui, values, errors }: { ui: Ui } & FormState) {
  const t = ui.t.networks;
  const address = (name: string, label: string, hint?: string, placeholder?: string) => (
    <Field ui={ui} name={name} label={label} value={values[name] ?? ''} error={errors[name]} optional mono maxlength={60} {...(hint ? { hint } : {})} {...(placeholder ? { placeholder } : {})} />
  );
  return (
    <FormPage ui={ui} title={t.createTitle} back={back(ui)} action="/networks" submit={t.create} errors={errors}>
      <Field ui={ui} name="name" label={t.name} value={values.name ?? ''} hint={t.nameHint} error={errors.name} required autofocus mono maxlength={255} />
      <Select ui={ui} name="driver" label={t.driver} value={values.driver ?? 'bridge'} choices={NETWORK_DRIVERS.map((value) => ({ value, label: t.drivers[value] }))} error={errors.driver} />
      {address('parent', t.parent, t.parentHint, 'eth0')}
      <div class="cols-2">
        {address('subnet', t.subnet4, t.subnetHint, '172.30.0.0/24')}
        {address('gateway', t.gateway, undefined, '172.30.0.1')}
      </div>
      <Option name="internal" label={t.internalLabel} note={t.internalNote} checked={values.internal === 'on'} />
      <Option name="ipv6" label={t.ipv6Label} note={t.ipv6Note} checked={values.ipv6 === 'on'} />
      <div class="cols-2">
        {address('subnet6', t.subnet6, undefined, 'fd00:30::/64')}
        {address('gateway6', t.gateway6, undefined, 'fd00:30::1')}
      </div>
      <Field ui={ui} name="labels" label={t.labels} value={values.labels ?? ''} hint={t.labelsHint} error={errors.labels} optional mono rows={2} />
    </FormPage>
  );
}

export function RemoveNetworkPage({ ui, network, errors }: { ui: Ui; network: NetworkWhole; errors: FormState['errors'] }) {
  const t = ui.t.networks;
  const running = network.members.filter((one) => one.running);
  const text = network.predefined
    ? t.ofEngine({ name: network.name })
    : running.length ? <ContainerLinks ui={ui} containers={running} text={(containers) => t.inUse({ name: network.name, containers, n: running.length })} /> : t.removeText({ n: network.members.length });
  const may = !network.predefined && running.length === 0;
  return (
    <FormPage ui={ui} title={t.removeTitle({ name: network.name })} back={back(ui)} action={`/networks/${network.id}/remove`} submit={may ? t.removeSubmit : null} danger errors={errors}>
      <p class={may ? undefined : 'warn'}>{text}</p>
    </FormPage>
  );
}
