import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { generateCookie, getCookie } from 'hono/cookie';
import type { Env } from './env.ts';

/** What a visitor of a share link has proved or begun: 'password' was right · 'download' of `what` was counted. */
type Proof = 'password' | 'download';

const HOUR_S = 3600;

const nameOf = (c: Context<Env>, proof: Proof, id: string) => `${c.get('secure') ? '__Secure-' : ''}mantou_share_${proof}_${id.replace(/[^\w-]/g, '')}`;

/** Signed for this one link and this one thing: a share's cookie opens nothing else. It says nothing of the token. */
function signature(c: Context<Env>, proof: Proof, id: string, what: string, until: number): string {
  return new Bun.CryptoHasher('sha256', c.get('app').secrets.key(`share ${proof}`)).update(JSON.stringify([id, what, until])).digest('base64url');
}

/** Gives the answer a cookie that remembers it for an hour, for the pages of share links only. */
export function remember<R extends Response>(c: Context<Env>, answer: R, proof: Proof, id: string, what: string): R {
  const until = c.get('app').clock.now() + HOUR_S * 1000;
  const value = `${until}.${signature(c, proof, id, what, until)}`;
  answer.headers.append('set-cookie', generateCookie(nameOf(c, proof, id), value, { path: '/s/', httpOnly: true, sameSite: 'Strict', secure: c.get('secure'), maxAge: HOUR_S }));
  return answer;
}

export function hasProof(c: Context<Env>, proof: Proof, id: string, what: string): boolean {
  const [until = '', signed = ''] = (getCookie(c, nameOf(c, proof, id)) ?? '').split('.');
  if (!/^\d{1,16}$/.test(until) || Number(until) <= c.get('app').clock.now()) return false;
  const right = Buffer.from(signature(c, proof, id, what, Number(until)));
  const given = Buffer.from(signed);
  return given.length === right.length && timingSafeEqual(given, right);
}
