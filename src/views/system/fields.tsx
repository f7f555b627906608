import type { FormState } from '../../http/form.ts';
import type { Identity } from '../../platform/identity.ts';
import type { MachineLocale } from '../../platform/locale.ts';
import type { Resolver, ResolverLink } from '../../platform/resolver.ts';
import type { Paging } from '../../platform/swap.ts';
import type { MachineTime } from '../../platform/time.ts';
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

export function IdentityFields({ ui, state, now }: FieldsProps & { now: Identity }) {
  const t = ui.t.system.identity;
  return (
    <>
      <Field ui={ui} {...of(state, 'name', now.written ?? now.name)} label={t.name} hint={now.netbios ? t.netbiosHint : t.nameHint} mono required autofocus maxlength={now.netbios ? 15 : 64} />
      {now.hasPretty ? <Field ui={ui} {...of(state, 'pretty', now.pretty ?? '')} label={t.pretty} hint={t.prettyHint} optional maxlength={100} /> : null}
    </>
  );
}

export function ZoneFields({ ui, state, time: { zone, zones, titles } }: FieldsProps & { time: MachineTime }) {
  return <Select ui={ui} {...of(state, 'zone', zone)} label={ui.t.system.time.zone} hint={ui.t.system.time.zoneHint} choices={zones.map((value) => ({ value, label: titles[value] ? `${titles[value]} · ${value}` : value }))} />;
}

export function TimeServersFields({ ui, state, now }: FieldsProps & { now: readonly string[] }) {
  const t = ui.t.system.time;
  return <Field ui={ui} {...of(state, 'servers', now.join('\n'))} label={t.servers} hint={t.serversHint} mono rows={3} required autofocus />;
}

export function LocaleFields({ ui, state, locale }: FieldsProps & { locale: MachineLocale }) {
  const t = ui.t.system.locale;
  const choices = [...locale.installed.map((value) => ({ value, label: value })), ...locale.makeable.map((value) => ({ value, label: t.toMake({ name: value }) }))];
  return <Select ui={ui} {...of(state, 'locale', locale.written ?? locale.current ?? '')} label={t.current} hint={locale.languages ? t.windowsHint : t.hint} choices={choices} />;
}

/** @param asked number of an interface, where each has its own */
export function ResolverFields({ ui, state, now, asked }: FieldsProps & { now: Resolver; asked: string }) {
  const t = ui.t.system.resolver;
  if (now.links) return <LinkFields ui={ui} state={state} links={now.links} search={now.search} asked={asked} />;
  return (
    <>
      <Field ui={ui} {...of(state, 'servers', now.servers.join('\n'))} label={t.servers} hint={t.serversHint} mono rows={3} required autofocus />
      <Field ui={ui} {...of(state, 'search', now.search.join('\n'))} label={t.search} hint={t.searchHint} mono rows={2} optional />
    </>
  );
}

function LinkFields({ ui, state, links, search, asked }: FieldsProps & { links: readonly ResolverLink[]; search: readonly string[]; asked: string }) {
  const t = ui.t.system.resolver;
  const link = links.find(({ id }) => String(id) === (state.values.link ?? asked)) ?? links.find(({ up }) => up) ?? links[0];
  return (
    <>
      <Select ui={ui} {...of(state, 'link', String(link?.id ?? ''))} label={t.link} choices={links.map(({ id, name }) => ({ value: String(id), label: name, disabled: id !== link?.id }))} />
      <Field ui={ui} {...of(state, 'servers', (link?.fixed ?? []).join('\n'))} label={t.servers} hint={t.linkServersHint} mono rows={3} optional autofocus />
      <Field ui={ui} {...of(state, 'search', search.join('\n'))} label={t.search} hint={t.linkSearchHint} mono rows={2} optional />
    </>
  );
}

/** @param asked path of a page file that is written down */
export function PageFileFields({ ui, state, paging, asked }: FieldsProps & { paging: Paging | null; asked: string }) {
  const t = ui.t.system.swap;
  const disks = (paging?.disks ?? []).map(({ path, free }) => ({ value: `${path[0]!.toUpperCase()}:\\pagefile.sys`, label: t.freeOf({ path, free: ui.fmt.memory(free) }) }));
  const isAsked = (path: string) => path.toLowerCase() === asked.toLowerCase();
  const file = paging?.files.find(({ path }) => isAsked(path));
  return (
    <>
      <Select ui={ui} {...of(state, 'path', (disks.find(({ value }) => isAsked(value)) ?? disks[0])?.value ?? '')} label={t.path} choices={disks} />
      <Field ui={ui} {...of(state, 'initial', String(file?.initial ?? 0))} label={t.initial} type="number" min={0} max={1_048_576} after="MiB" required autofocus />
      <Field ui={ui} {...of(state, 'maximum', String(file?.maximum ?? 0))} label={t.maximum} type="number" min={0} max={1_048_576} after="MiB" hint={t.pageSizeHint} required />
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

export function ScheduleFields({ ui, state, windows }: FieldsProps & { windows: boolean }) {
  const t = ui.t.system.power;
  return (
    <>
      <SegField name="action" label={t.action} value={state.values.action ?? 'reboot'} choices={[{ value: 'reboot', label: t.actions.reboot }, { value: 'shutdown', label: t.actions.shutdown }]} />
      <Field ui={ui} {...of(state, 'when', '+60')} label={t.when} hint={windows ? t.whenHint + ui.t.parts.list.sentence + t.windowsHint : t.whenHint} mono required autofocus maxlength={6} />
      <Field ui={ui} {...of(state, 'message')} label={t.message} hint={t.messageHint} optional maxlength={200} />
    </>
  );
}
