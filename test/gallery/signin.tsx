import { BareLayout } from '../../src/views/layout.tsx';
import { Field } from '../../src/views/parts/field.tsx';
import { Icon } from '../../src/views/parts/icon.tsx';
import { PasswordField } from '../../src/views/parts/password.tsx';
import type { Ui } from '../../src/views/ui.ts';

/** The frame before the shell, with a form such as it is made for. */
export function GallerySignIn({ ui }: { ui: Ui }) {
  const footer = (
    <>
      <span>
        Certificate fingerprint <code>4F:A2:91:0C … 7E:D3</code>
      </span>
      <a class="link" href="#main">
        Compare it with your server
      </a>
    </>
  );
  return (
    <BareLayout ui={ui} title="Sign in" footer={footer}>
      <form class="login-form" method="post" action="/signin">
        <h1>Sign in to {ui.hostname}</h1>
        <Field ui={ui} name="name" label="Name" autocomplete="username webauthn" value="lin" />
        <PasswordField ui={ui} name="password" label="Password" autocomplete="current-password" autofocus />
        <button class="btn primary block big">Continue</button>
        <p class="or">
          <span>or</span>
        </p>
        <button class="btn block big" type="button">
          <Icon ui={ui} name="passkey" />
          Use a passkey
        </button>
      </form>
      <form class="login-form" method="post" action="/signin/code">
        <h1>Enter the 6-digit code</h1>
        <p class="small soft">
          From the authenticator app you set up for <b>lin</b>.
        </p>
        <Field
          ui={ui}
          name="code"
          label="6-digit code"
          hideLabel
          class="otp"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9]{6}"
          maxlength={6}
          value="409"
        />
        <button class="btn primary block big">Sign in</button>
        <div class="row login-alt">
          <a class="link" href="/signin">
            Back
          </a>
          <a class="link" href="/signin/recovery">
            Use a recovery code
          </a>
        </div>
      </form>
    </BareLayout>
  );
}
