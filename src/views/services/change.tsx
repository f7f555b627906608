import type { ChangePlan } from '../../core/services/change.ts';
import type { FormState } from '../../http/form.ts';
import type { ServiceLine, ServiceVerb, TimerRow } from '../../platform/services.ts';
import { FormPage } from '../form/page.tsx';
import { Banner } from '../parts/banner.tsx';
import { Field } from '../parts/field.tsx';
import type { Ui } from '../ui.ts';
import { ServiceLines } from './lines.tsx';
import { servicePath } from './paths.ts';
import { verbWord } from './words.tsx';

interface ChangeProps extends FormState {
  ui: Ui;
  plan: ChangePlan;
  verb: ServiceVerb;
  /** It did not come up: what it said, and what the tool did. */
  failed?: { lines: readonly ServiceLine[]; detail: string | undefined };
}

/** What will run, and what that does, before it runs. */
export function ServiceChangePage({ ui, plan: { service, guard, commands, along, system }, verb, errors, failed }: ChangeProps) {
  const t = ui.t.services;
  const { name } = service.row;
  return (
    <FormPage
      ui={ui} title={t.ask({ verb: verbWord(ui, system, verb), name })} back={{ href: servicePath(name), label: name }} action={`${servicePath(name)}/change`}
      submit={verbWord(ui, system, verb)} danger={guard !== null || verb === 'stop' || verb === 'mask' || (verb === 'disable' && system === 'windows')} errors={errors}
    >
      <input type="hidden" name="verb" value={verb} />
      <p class="small muted">{(system === 'windows' ? t.explainsWindows[verb] : undefined) ?? t.explains[verb]}</p>
      {guard ? <Banner ui={ui} tone={guard === 'system' ? 'warn' : 'danger'} text={t.guards[guard]} /> : null}
      {along.length ? <Banner ui={ui} tone="warn" text={t.along({ names: ui.fmt.list(along) })} /> : null}
      {guard ? <Field ui={ui} name="confirm" label={t.typeName({ name })} error={errors.confirm} mono required autofocus /> : null}
      <p class="small muted">{t.commands}</p>
      <pre class="snippet">{commands.join('\n')}</pre>
      {failed ? <Failure ui={ui} {...failed} /> : null}
    </FormPage>
  );
}

function Failure({ ui, lines, detail }: { ui: Ui } & NonNullable<ChangeProps['failed']>) {
  const t = ui.t.services;
  return (
    <div class="service-failure">
      <p class="small muted">{t.lastWords}</p>
      {lines.length ? <ServiceLines ui={ui} label={t.lastWords} lines={lines} /> : <pre class="snippet">{detail ?? ''}</pre>}
    </div>
  );
}

export function TimerChangePage({ ui, timer, on, commands }: { ui: Ui; timer: TimerRow; on: boolean; commands: readonly string[] }) {
  const t = ui.t.services;
  const { name } = timer;
  return (
    <FormPage
      ui={ui} title={on ? t.timers.askOn({ name }) : t.timers.askOff({ name })} back={{ href: '/services/timers', label: t.tabs.timers }}
      action={`/services/timers/${encodeURIComponent(name)}`} submit={on ? t.timers.turnOn : t.timers.turnOff}
    >
      <input type="hidden" name="on" value={on ? 'on' : 'off'} />
      <p class="small muted">{on ? t.timers.onText : t.timers.offText}</p>
      <p class="small muted">{t.commands}</p>
      <pre class="snippet">{commands.join('\n')}</pre>
    </FormPage>
  );
}
