/**
 * The WebAuthn library, loaded when first needed. It parses certificates with tsyringe, which wants the Reflect
 * polyfill to be there before it: from the sources it finds one by itself, in the executable it does not.
 */
export async function webauthn() {
  await import('reflect-metadata');
  return import('@simplewebauthn/server');
}
