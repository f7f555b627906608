import { needsLogonRight, needsPassword, RECOVERY_ACTIONS, SERVICE_ACCOUNTS } from '../../core/services/kinds.ts';
import type { FormState } from '../../http/form.ts';
import type { Plan } from '../../platform/plan.ts';
import type { RecoverySettings } from '../../platform/service-setup.ts';
import { FormPage } from '../form/page.tsx';
import { Field } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Select } from '../parts/select.tsx';
import { PlanShown } from '../system/planned.tsx';
import type { Ui } from '../ui.ts';
import { servicePath } from './paths.ts';

export const TIMES = ['first', 'second', 'later'] as const;

/** As they are, until somebody has typed. */
export function RecoveryFields({ ui, settings, state: { values, errors } }: { ui: Ui; settings: RecoverySettings; state: FormState }) {
  const t = ui.t.serviceSetup;
  const typed = Object.keys(values).length > 0;
  const at = (name: string, now: string) => ({ name, value: typed ? (values[name] ?? '') : now, ...(errors[name] ? { error: errors[name] } : {}) });
  return (
    <>
      <p class="small muted">{t.recoveryLead}</p>
      {TIMES.map((time, i) => (
        <div class="cols-2">
          <Select ui={ui} {...at(time, settings.steps[i]!.action)} label={t[time]} choices={RECOVERY_ACTIONS.map((value) => ({ value, label: t.does[value] }))} />
          <Field ui={ui} {...at(`${time}Delay`, String(settings.steps[i]!.delay / 1000))} label={t.wait} attrs={{ 'aria-label': `${t[time]}: ${t.wait}` }} inputmode="decimal" after={t.seconds} />
        </div>
      ))}
      <Field ui={ui} {...at('forget', settings.reset === null ? '' : String(settings.reset))} label={t.reset} hint={t.resetHint} inputmode="numeric" after={t.seconds} optional />
      <Field ui={ui} {...at('command', settings.command)} label={t.command} hint={t.commandHint} mono maxlength={4000} optional />
      <Option name="onErrors" label={t.onErrors} note={t.onErrorsNote} checked={typed ? values.onErrors === 'on' : settings.onErrors} />
    </>
  );
}

export const WHO = ['system', 'local', 'network', 'named'] as const;
export type Who = (typeof WHO)[number];

interface AccountProps {
  ui: Ui;
  name: string;
  current: string | null;
  state: FormState;
  /** What will run, in the second step: the password is typed there, and never shown again. */
  review: { account: string; plan: Plan; seal: string } | null;
}

export function ServiceAccountPage({ ui, name, current, state: { values, errors }, review }: AccountProps) {
  const t = ui.t.serviceSetup;
  const known = SERVICE_ACCOUNTS.findIndex((one) => one.toLowerCase() === current?.toLowerCase());
  const error = (field: string) => (errors[field] ? { error: errors[field] } : {});
  return (
    <FormPage ui={ui} title={t.accountOf({ name })} back={{ href: servicePath(name), label: name }} action={`${servicePath(name)}/account`} submit={review ? t.save : ui.t.system.toReview} danger={Boolean(review)} errors={errors}>
      {review ? (
        <>
          <input type="hidden" name="do" value="apply" />
          <input type="hidden" name="seen" value={review.seal} />
          <input type="hidden" name="who" value="named" />
          <input type="hidden" name="named" value={review.account} />
          <p class="small"><b>{review.account}</b></p>
          {needsPassword(review.account) ? <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" hint={t.passwordHint} autofocus {...error('password')} /> : null}
          {needsLogonRight(review.account) ? <p class="small muted">{t.rightNote}</p> : null}
          <PlanShown ui={ui} plan={review.plan} />
        </>
      ) : (
        <>
          <p class="small muted">{t.accountLead}</p>
          {current ? <p class="small">{t.now({ account: current })}</p> : null}
          <Select ui={ui} name="who" label={t.who} value={values.who ?? WHO[known] ?? 'named'} choices={WHO.map((value) => ({ value, label: t.accounts[value] }))} {...error('who')} />
          <Field ui={ui} name="named" label={t.named} value={values.named ?? (known < 0 ? (current ?? '') : '')} hint={t.namedHint} mono optional maxlength={300} {...error('account')} />
        </>
      )}
    </FormPage>
  );
}
