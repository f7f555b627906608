import type { TokenRow } from '../../core/tokens/tokens.ts';
import type { Role } from '../../db/schema/users.ts';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Tag } from '../parts/mark.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { Secret } from '../parts/copy.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import type { Typed } from './account.tsx';

/** Days that a new token may live; '' is for ever. */
export const LIFETIMES = ['30', '90', '365', ''] as const;

interface TokensProps {
  ui: Ui;
  tokens: readonly TokenRow[];
  /** What the owner may give away, lowest first. */
  roles: readonly Role[];
  form: Typed;
  /** Just made: shown this one time. */
  made?: { name: string; token: string };
}

export function TokensSection({ ui, tokens, roles, form, made }: TokensProps) {
  const t = ui.t.account;
  return (
    <Section id="tokens" title={t.tokens} note={t.tokensNote} flush>
      {tokens.length ? <TokenTable ui={ui} tokens={tokens} /> : null}
      <div class="inset stack">
        {made ? <Secret ui={ui} id="token-made" label={t.tokenMade({ name: made.name })} value={made.token} /> : null}
        {tokens.length ? null : <p class="small soft">{t.tokensEmpty}</p>}
        <form method="post" action="/account/tokens#tokens" class="form-row">
          <Field
            ui={ui}
            id="f-tokens-name"
            name="name"
            label={t.tokenName}
            value={form.values.name ?? ''}
            error={form.errors.name}
            hint={t.tokenNameHint}
            required
            maxlength={64}
          />
          <Select
            ui={ui}
            id="f-tokens-role"
            name="role"
            label={t.role}
            value={form.values.role ?? 'viewer'}
            error={form.errors.role}
            choices={roles.map((role) => ({ value: role, label: ui.t.shell.roles[role] ?? role }))}
          />
          <Select
            ui={ui}
            id="f-tokens-days"
            name="days"
            label={t.expires}
            value={form.values.days ?? '90'}
            error={form.errors.days}
            choices={LIFETIMES.map((days) => ({ value: days, label: days ? t.expiresIn({ days: Number(days) }) : t.expiresNever }))}
          />
          <input class="vh" name="username" autocomplete="username" value={ui.actor?.name ?? ''} tabindex={-1} aria-hidden="true" readonly />
          <PasswordField ui={ui} id="f-tokens-current" name="current" label={t.current} autocomplete="current-password" error={form.errors.current} />
          <button class="btn" type="submit">
            {t.tokenCreate}
          </button>
        </form>
      </div>
      {tokens.map((token) => (
        <ConfirmDialog
          ui={ui}
          id={`token-remove-${token.id}`}
          title={t.tokenRemove({ name: token.name })}
          text={t.tokenRemoveText}
          action={`/account/tokens/${token.id}/remove`}
          submit={t.remove}
        />
      ))}
    </Section>
  );
}

function TokenTable({ ui, tokens }: { ui: Ui; tokens: readonly TokenRow[] }) {
  const t = ui.t.account;
  return (
    <table class="table">
      <caption class="vh">{t.tokens}</caption>
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.role}</th>
          <th scope="col" class="lo">{t.made}</th>
          <th scope="col" class="mid">{t.lastUsed}</th>
          <th scope="col" class="hi">{t.expires}</th>
          <th scope="col" class="fit"><span class="vh">{ui.t.parts.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr>
            <td class="truncate"><span class="name"><span>{token.name}</span></span></td>
            <td class="soft nowrap">{ui.t.shell.roles[token.role] ?? token.role}</td>
            <td class="lo soft nowrap"><Time ui={ui} at={Math.min(token.createdAt, ui.now)} /></td>
            <td class="mid soft nowrap">{token.lastUsedAt ? <Time ui={ui} at={token.lastUsedAt} /> : t.never}</td>
            <td class="hi soft nowrap"><Expiry ui={ui} at={token.expiresAt} /></td>
            <td class="fit">
              <button class="btn ghost sm" type="button" {...opens(`token-remove-${token.id}`)}>
                {t.remove}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Expiry({ ui, at }: { ui: Ui; at: number | null }) {
  if (at === null) return <>{ui.t.account.expiresNever}</>;
  if (at <= ui.now) return <Tag ui={ui} tone="warn">{ui.t.account.expired}</Tag>;
  return <Time ui={ui} at={at} />;
}
