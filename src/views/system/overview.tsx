import type { System } from '../../core/system/system.ts';
import type { Say } from '../../lib/errors.ts';
import type { Identity } from '../../platform/identity.ts';
import type { MachineLocale } from '../../platform/locale.ts';
import type { MachineTime } from '../../platform/time.ts';
import { asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';

export interface OverviewModel {
  facts: System;
  reboot: readonly string[] | null;
  identity: Identity;
  time: MachineTime;
  locale: MachineLocale;
  /** Why it cannot be changed; null: it can. */
  refusals: { identity: Say | null; time: Say | null; locale: Say | null };
}

export function OverviewPage({ ui, model }: { ui: Ui; model: OverviewModel }) {
  const t = ui.t.system;
  const { facts, reboot, refusals } = model;
  const why = [...new Set(Object.values(refusals).filter((one) => one !== null).map((one) => one(ui.t)))];
  return (
    <SystemFrame ui={ui} tab="overview">
      {reboot ? (
        <Banner ui={ui} tone="warn" title={t.reboot.title} text={reboot.join(', ')}>
          {ui.can('power.write') ? <a class="btn sm" href="/system/power">{t.reboot.plan}</a> : null}
        </Banner>
      ) : null}
      {ui.can('system.write') ? why.map((text) => <Banner ui={ui} text={text} />) : null}
      <div class="panes">
        <Names ui={ui} model={model} />
        <Section id="facts" title={t.facts} pane>
          <Kv
            rows={[
              [t.os, facts.os],
              [t.kernel, `${facts.kernel} (${facts.arch})`],
              [t.cpu, `${facts.cpuModel} × ${facts.cores}`],
              [t.memory, ui.fmt.memory(facts.memory)],
              [t.virtualization, facts.virtualization ?? t.noVirtualization],
              [t.booted, <><DateTime ui={ui} at={facts.bootedAt} /> <span class="soft">{t.uptime({ time: ui.fmt.duration(facts.uptime) })}</span></>],
              [t.reboot.due, reboot ? reboot.join(', ') : t.reboot.none],
            ]}
          />
        </Section>
        <Clock ui={ui} model={model} />
        <Language ui={ui} model={model} />
      </div>
    </SystemFrame>
  );
}

/** A button to a form, for who may and where it can be. */
const edit = (ui: Ui, href: string, label: string, refusal: Say | null) => (ui.can('system.write') && !refusal ? <a class="btn sm" {...asks(href)}>{label}</a> : null);

function Names({ ui, model: { identity, refusals } }: { ui: Ui; model: OverviewModel }) {
  const t = ui.t.system.identity;
  return (
    <Section id="identity" title={t.title} pane end={edit(ui, '/system/hostname', t.change, refusals.identity)}>
      <Kv
        rows={[
          [t.name, <b class="wrap">{identity.name}</b>],
          [t.written, identity.written !== null && identity.written !== identity.name ? <span class="warn">{identity.netbios ? identity.written : t.writtenOther({ name: identity.written })}</span> : null],
          [t.pretty, identity.hasPretty ? (identity.pretty ?? <span class="soft">{t.none}</span>) : null],
        ]}
      />
    </Section>
  );
}

function Clock({ ui, model: { time, refusals } }: { ui: Ui; model: OverviewModel }) {
  const t = ui.t.system.time;
  const { sync } = time;
  // Windows has names of its own for zones, which Intl does not know.
  const [zone, at] = time.ahead === null ? [time.zone, ui.now] : ['UTC', ui.now + time.ahead * 60_000];
  const here = new Intl.DateTimeFormat(ui.lang, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }).format(at);
  const state = sync.on === false ? { dot: 'off' as const, text: t.off } : sync.synchronized ? { dot: 'ok' as const, text: t.right } : sync.service || sync.on ? { dot: 'warn' as const, text: t.notYet } : { dot: 'off' as const, text: t.unknown };
  return (
    <Section id="time" title={t.title} pane end={time.zones.length ? edit(ui, '/system/time-zone', t.changeZone, refusals.time) : null}>
      <Kv
        rows={[
          [t.zone, <><b>{time.titles[time.zone] ?? time.zone}</b> <span class="soft">{here}</span></>],
          [t.sync, <><Dot state={state.dot}>{state.text}</Dot> {sync.can && sync.on !== null ? edit(ui, `/system/clock-sync?to=${sync.on ? 'off' : 'on'}`, sync.on ? t.turnOff : t.turnOn, refusals.time) : null} {sync.servers && sync.on ? edit(ui, '/system/clock-sync/now', t.resync, refusals.time) : null}</>],
          [t.service, sync.service ?? (time.zones.length && time.ahead === null ? <span class="soft">{t.noService}</span> : null)],
          [t.server, sync.server || sync.servers ? <>{sync.server} {sync.servers ? edit(ui, '/system/clock-sync/servers', t.changeServers, refusals.time) : null}</> : null],
          [t.lastAt, sync.lastAt === null ? null : <DateTime ui={ui} at={sync.lastAt} />],
          [t.offset, sync.offset === null ? null : t.ms({ n: new Intl.NumberFormat(ui.lang, { maximumFractionDigits: 2 }).format(sync.offset) })],
        ]}
      />
    </Section>
  );
}

function Language({ ui, model: { locale, refusals } }: { ui: Ui; model: OverviewModel }) {
  const t = ui.t.system.locale;
  const any = locale.installed.length + locale.makeable.length > 0;
  return (
    <Section id="locale" title={t.title} pane end={any ? edit(ui, '/system/locale', t.change, refusals.locale) : null}>
      <Kv
        rows={[
          [t.current, locale.current ? <b>{locale.current}</b> : <span class="soft">{t.none}</span>],
          [t.written, locale.written ? <span class="warn">{locale.written}</span> : null],
          [t.languages, locale.languages ? ui.fmt.list([...locale.languages]) : null],
          [t.choices, locale.languages && locale.installed.length ? t.choicesCount({ n: locale.installed.length }) : null],
          [t.installed, !locale.languages && locale.installed.length ? ui.fmt.list([...locale.installed]) : null],
          [t.makeable, locale.makeable.length ? t.makeableCount({ n: locale.makeable.length }) : null],
        ]}
      />
    </Section>
  );
}
