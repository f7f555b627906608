import type { FormState } from '../../http/form.ts';
import type { MachineLocale } from '../../platform/locale.ts';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

interface FieldsProps {
  ui: Ui;
  state: FormState;
}

/** A value that was typed, else the one that is; with what is wrong with it. */
const of = ({ values, errors }: FormState, name: string, now = '') => ({ name, value: values[name] ?? now, ...(errors[name] ? { error: errors[name] } : {}) });

export function IdentityFields({ ui, state, now }: FieldsProps & { now: { name: string; pretty: string | null; hasPretty: boolean } }) {
  const t = ui.t.system.identity;
  return (
    <>
      <Field ui={ui} {...of(state, 'name', now.name)} label={t.name} hint={t.nameHint} mono required autofocus maxlength={64} />
      {now.hasPretty ? <Field ui={ui} {...of(state, 'pretty', now.pretty ?? '')} label={t.pretty} hint={t.prettyHint} optional maxlength={100} /> : null}
    </>
  );
}

export function ZoneFields({ ui, state, zones, now }: FieldsProps & { zones: readonly string[]; now: string }) {
  return <Select ui={ui} {...of(state, 'zone', now)} label={ui.t.system.time.zone} hint={ui.t.system.time.zoneHint} choices={zones.map((value) => ({ value, label: value }))} />;
}

export function LocaleFields({ ui, state, locale }: FieldsProps & { locale: MachineLocale }) {
  const t = ui.t.system.locale;
  const choices = [...locale.installed.map((value) => ({ value, label: value })), ...locale.makeable.map((value) => ({ value, label: t.toMake({ name: value }) }))];
  return <Select ui={ui} {...of(state, 'locale', locale.current ?? '')} label={t.current} hint={t.hint} choices={choices} />;
}

export function ResolverFields({ ui, state, now }: FieldsProps & { now: { servers: readonly string[]; search: readonly string[] } }) {
  const t = ui.t.system.resolver;
  return (
    <>
      <Field ui={ui} {...of(state, 'servers', now.servers.join('\n'))} label={t.servers} hint={t.serversHint} mono rows={3} required autofocus />
      <Field ui={ui} {...of(state, 'search', now.search.join('\n'))} label={t.search} hint={t.searchHint} mono rows={2} optional />
    </>
  );
}

export function SwapFields({ ui, state, free, path }: FieldsProps & { free: number; path: string }) {
  const t = ui.t.system.swap;
  return <Field ui={ui} {...of(state, 'size', '2048')} label={t.size} type="number" min={64} max={262_144} after="MiB" hint={t.addHint({ path, free: ui.fmt.memory(free) })} required autofocus />;
}

export function SwappinessFields({ ui, state, now }: FieldsProps & { now: number }) {
  const t = ui.t.system.swap;
  return <Field ui={ui} {...of(state, 'swappiness', String(now))} label={t.swappiness} type="number" min={0} max={200} hint={t.swappinessHint} required autofocus />;
}

export function ScheduleFields({ ui, state }: FieldsProps) {
  const t = ui.t.system.power;
  return (
    <>
      <SegField name="action" label={t.action} value={state.values.action ?? 'reboot'} choices={[{ value: 'reboot', label: t.actions.reboot }, { value: 'shutdown', label: t.actions.shutdown }]} />
      <Field ui={ui} {...of(state, 'when', '+60')} label={t.when} hint={t.whenHint} mono required autofocus maxlength={6} />
      <Field ui={ui} {...of(state, 'message')} label={t.message} hint={t.messageHint} optional maxlength={200} />
    </>
  );
}
