import type { PasskeyRow } from '../../core/passkeys/passkeys.ts';
import { ConfirmDialog, Dialog, closes, opens } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import type { PasskeyOffer } from '../signin/signin.tsx';
import type { Ui } from '../ui.ts';

interface PasskeysProps {
  ui: Ui;
  passkeys: readonly PasskeyRow[];
  offer: PasskeyOffer;
}

export function PasskeysSection({ ui, passkeys, offer }: PasskeysProps) {
  const t = ui.t.account;
  return (
    <Section id="passkeys" title={t.passkeys} note={t.passkeysNote}>
      <div class="form">
        {passkeys.length ? (
          <ul class="rows">
            {passkeys.map((passkey) => (
              <PasskeyLine ui={ui} passkey={passkey} />
            ))}
          </ul>
        ) : (
          <p class="small soft">{t.passkeysEmpty}</p>
        )}
        {offer.kind === 'address' ? <ByAddress ui={ui} elsewhere={offer.elsewhere} /> : <MakeForm ui={ui} />}
      </div>
      {passkeys.map((passkey) => (
        <>
          <RenameDialog ui={ui} passkey={passkey} />
          <ConfirmDialog
            ui={ui}
            id={`passkey-remove-${passkey.id}`}
            title={t.passkeyRemove({ name: passkey.name })}
            text={t.passkeyRemoveText}
            action={`/account/passkeys/${passkey.id}/remove`}
            submit={t.remove}
          />
        </>
      ))}
    </Section>
  );
}

function PasskeyLine({ ui, passkey }: { ui: Ui; passkey: PasskeyRow }) {
  const t = ui.t.account;
  return (
    <li>
      <Icon ui={ui} name="passkey" />
      <span class="grow">
        <b class="clip">{passkey.name}</b>
        <small class="muted">
          {t.made} <Time ui={ui} at={passkey.createdAt} /> · {t.lastUsed} {passkey.lastUsedAt ? <Time ui={ui} at={passkey.lastUsedAt} /> : t.never}
        </small>
      </span>
      <button class="btn ghost sm" type="button" {...opens(`passkey-rename-${passkey.id}`)}>
        {t.rename}
      </button>
      <button class="btn ghost sm" type="button" {...opens(`passkey-remove-${passkey.id}`)}>
        {t.remove}
      </button>
    </li>
  );
}

function RenameDialog({ ui, passkey }: { ui: Ui; passkey: PasskeyRow }) {
  const t = ui.t.account;
  const id = `passkey-rename-${passkey.id}`;
  return (
    <Dialog ui={ui} id={id} title={t.passkeyRename({ name: passkey.name })}>
      <form method="post" action={`/account/passkeys/${passkey.id}/rename`}>
        <Field ui={ui} id={`${id}-name`} name="name" label={t.name} value={passkey.name} required maxlength={64} autofocus />
        <div class="btns">
          <button class="btn" type="button" {...closes(id)}>
            {ui.t.parts.cancel}
          </button>
          <button class="btn primary" type="submit">
            {t.rename}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Only a script can talk to the authenticator: without it, or in a browser that cannot, the form says so. */
function MakeForm({ ui }: { ui: Ui }) {
  const t = ui.t.account;
  return (
    <>
      <form class="stack scripted" data-passkey-make data-passkey-part hidden>
        <Field ui={ui} id="f-passkey-name" name="name" label={t.passkeyName} hint={t.passkeyNameHint} required maxlength={64} />
        <input class="vh" name="username" autocomplete="username" value={ui.actor?.name ?? ''} tabindex={-1} aria-hidden="true" readonly />
        <PasswordField ui={ui} id="f-passkey-current" name="current" label={t.current} autocomplete="current-password" />
        <p class="error bad small" id="passkey-error" role="alert" data-passkey-error hidden></p>
        <div class="btns">
          <button class="btn" type="submit">
            <Icon ui={ui} name="passkey" />
            {t.passkeyAdd}
          </button>
        </div>
      </form>
      <p class="small soft" data-passkey-missing hidden>
        {t.passkeyUnable}
      </p>
      <JsonScript id="passkey-text" value={{ stopped: t.passkeyStopped, noAnswer: ui.t.parts.noAnswer }} />
    </>
  );
}

function ByAddress({ ui, elsewhere }: { ui: Ui; elsewhere: string | null }) {
  const t = ui.t.account;
  return (
    <p class="small soft">
      {t.passkeyAddress}{' '}
      {elsewhere ? (
        <a class="link" href={`${elsewhere}/account#passkeys`}>
          {t.passkeyLocalhost({ url: elsewhere })}
        </a>
      ) : (
        t.passkeyByName
      )}
    </p>
  );
}
