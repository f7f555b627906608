import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Each side shows that it knows the token, and neither says it: the name of a Windows pipe can be taken by any account of the
 * machine, before the process that holds the shells takes it. Whoever did that learns nothing, and no panel talks to them.
 *
 *     panel → host  { nonce }
 *     host → panel  { nonce, proof: HMAC-SHA-256(token, ["host", nonce of the panel, its own]) }
 *     panel → host  { proof: HMAC-SHA-256(token, ["panel", nonce of the panel, of the host]), as: …  }
 */
export type Nonces = readonly [panel: string, host: string];

export const newNonce = () => randomBytes(32).toString('base64url');
export const isNonce = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text);

export const proofOf = (token: string, side: 'host' | 'panel', nonces: Nonces) => createHmac('sha256', token).update(JSON.stringify([side, ...nonces])).digest('base64url');

export function isProof(given: unknown, token: string, side: 'host' | 'panel', nonces: Nonces): boolean {
  const right = Buffer.from(proofOf(token, side, nonces));
  const bytes = Buffer.from(String(given));
  return bytes.length === right.length && timingSafeEqual(bytes, right);
}
