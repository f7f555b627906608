// Passkeys: signing in with one, making one. The library comes when it is needed.
import { on } from './dom.js';

const texts = JSON.parse(document.getElementById('passkey-text')?.textContent ?? '{}');

if (window.PublicKeyCredential) for (const part of document.querySelectorAll('[data-passkey-part]')) part.hidden = false;
else for (const part of document.querySelectorAll('[data-passkey-missing]')) part.hidden = false;

async function library() {
  // Not an ES module: it puts itself on the global object.
  await import('@simplewebauthn/browser');
  return globalThis.SimpleWebAuthnBrowser;
}

/** Posts JSON; throws what the panel refused with, in the reader's language. */
async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).catch(() => null);
  if (!answer) throw new Refusal(texts.noAnswer);
  const type = answer.headers.get('content-type') ?? '';
  const json = type.includes('json') ? await answer.json() : {};
  if (!answer.ok) throw new Refusal(json.error ?? texts.noAnswer, json.field);
  return json;
}

class Refusal extends Error {
  /** `field`: name of the input that it is about. */
  constructor(text, field) {
    super(text);
    this.field = field;
  }
}

/** Runs while the button waits; what went wrong stands below it. */
async function run(button, work) {
  const error = button.closest('form, section').querySelector('[data-passkey-error]');
  error.hidden = true;
  mark(button.form, undefined, error);
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } catch (thrown) {
    // Everything the browser says no to (cancelled, none there, certificate) has one name for privacy: NotAllowedError.
    error.textContent = thrown instanceof Refusal ? thrown.message : texts.stopped;
    error.hidden = false;
    mark(button.form, thrown.field, error);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** Marks the input that a refusal is about, and no other. */
function mark(form, name, error) {
  for (const input of form?.querySelectorAll('[aria-invalid]') ?? []) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
  const input = name && form?.elements.namedItem(name);
  if (!input) return;
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', error.id);
  input.focus();
}

on('click', '[data-passkey-sign-in]', (_event, button) =>
  run(button, async () => {
    const { ticket, options } = await post('/signin/passkey/options', {});
    const { startAuthentication } = await library();
    const response = await startAuthentication({ optionsJSON: options });
    const { to } = await post('/signin/passkey', { ticket, response, next: button.dataset.passkeySignIn });
    location.assign(to);
  }),
);

on('submit', '[data-passkey-make]', (event, form) => {
  event.preventDefault();
  void run(form.querySelector('[type=submit]'), async () => {
    const name = form.elements.namedItem('name').value;
    const current = form.elements.namedItem('current').value;
    // The password first: only then does the authenticator ask for anything.
    const { ticket, options } = await post('/account/passkeys/options', { current });
    const { startRegistration } = await library();
    const response = await startRegistration({ optionsJSON: options });
    const { to } = await post('/account/passkeys', { ticket, name, response });
    // The page may be open at this address already: then only the part after # would change.
    history.replaceState(null, '', to);
    location.reload();
  });
});
