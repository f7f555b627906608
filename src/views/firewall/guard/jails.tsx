import type { FormState } from '../../../http/form.ts';
import type { Jail } from '../../../platform/fail2ban.ts';
import { AskIcon, asks } from '../../form/dialog.tsx';
import { FormPage } from '../../form/page.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Field } from '../../parts/field.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';

/** Of a jail with more than these, those that end last are shown. */
const SHOWN = 200;

/** What fail2ban does on this machine, jail by jail. */
export function Jails({ ui, jails }: { ui: Ui; jails: readonly Jail[] | string }) {
  const t = ui.t.guard;
  if (typeof jails === 'string') {
    return (
      <Section id="fail2ban" title={t.fail2ban}>
        <Banner ui={ui} tone="warn" text={jails} />
      </Section>
    );
  }
  return (
    <Section id="fail2ban" title={t.fail2ban} note={t.fail2banText}>
      {jails.map((jail) => (
        <JailPart ui={ui} jail={jail} />
      ))}
    </Section>
  );
}

function JailPart({ ui, jail }: { ui: Ui; jail: Jail }) {
  const t = ui.t.guard;
  const n = (value: number) => ui.fmt.number(value);
  const href = `/firewall/guard/fail2ban/${encodeURIComponent(jail.name)}`;
  const shown = [...jail.banned].sort((a, b) => (b.until ?? Infinity) - (a.until ?? Infinity)).slice(0, SHOWN);
  return (
    <div class="jail">
      <div class="row">
        <h3 class="mono">{jail.name}</h3>
        <p class="small muted grow">{t.jailFacts({ failed: n(jail.failed), total: n(jail.failedTotal), banned: n(jail.bannedTotal) })}</p>
        {ui.can('guard.write') ? (
          <a class="btn sm" {...asks(`${href}/ban`)}>
            {t.jailBan}
          </a>
        ) : null}
      </div>
      {shown.length === 0 ? <p class="small muted">{t.jailEmpty}</p> : null}
      <ul class="rows">
        {shown.map(({ address, until }) => (
          <li>
            <span class="mono grow">{address}</span>
            <span class="quiet">{until === null ? t.forGood : <Time ui={ui} at={until} />}</span>
            {ui.can('guard.write') ? (
              <AskIcon ui={ui} href={`${href}/unban?address=${encodeURIComponent(address)}`} icon="x" label={t.jailLift({ address })} />
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface JailFormProps extends FormState {
  ui: Ui;
  verb: 'ban' | 'unban';
  jail: string;
  command: string;
}

export function JailFormPage({ ui, verb, jail, command, values, errors }: JailFormProps) {
  const t = ui.t.guard;
  const address = values.address ?? '';
  const title = verb === 'ban' ? t.jailBanTitle({ jail }) : t.jailLiftTitle({ address, jail });
  return (
    <FormPage
      ui={ui} title={title} back={{ href: '/firewall/guard', label: t.title }} action={`/firewall/guard/fail2ban/${encodeURIComponent(jail)}/${verb}`}
      submit={verb === 'ban' ? t.jailBanSubmit : t.liftSubmit} errors={errors}
    >
      {verb === 'ban' ? (
        <Field ui={ui} name="address" label={t.address} value={address} error={errors.address} required autofocus mono maxlength={64} />
      ) : (
        <input type="hidden" name="address" value={address} />
      )}
      <p class="small muted">{ui.t.blocks.commands}</p>
      <pre class="snippet">{command}</pre>
    </FormPage>
  );
}
