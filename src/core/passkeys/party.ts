import { isIP } from 'node:net';

/** Under which name passkeys are made here (W3C Web Authentication Level 3, "relying party identifier"). */
export interface Party {
  id: string;
  /** `https://host:port`, what the browser says it talked to. */
  origin: string;
}

/**
 * null on a bare address: browsers make passkeys for names only. Behind 127.0.0.1 there is `localhost`, which is the
 * same panel under a name; `elsewhere` is its address then.
 */
export function partyOf(origin: string): { party: Party; elsewhere: null } | { party: null; elsewhere: string | null } {
  const url = new URL(origin);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  if (!isIP(name)) return { party: { id: name, origin: url.origin }, elsewhere: null };
  if (!/^(127\.|::1$)/.test(name)) return { party: null, elsewhere: null };
  url.hostname = 'localhost';
  return { party: null, elsewhere: url.origin };
}
