import { timingSafeEqual } from 'node:crypto';
import type { App } from '../app.ts';
import type { User } from '../users/users.ts';

/** A browser remembers this many accounts; who uses more is held by the ordinary backoff on the oldest. */
const MOST = 3;

interface Entry {
  userId: string;
  changedAt: string;
  device: string;
  text: string;
}

/**
 * The cookie of a browser that has signed in before (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"):
 * `userId.passwordChangedAt.deviceId.hmac` for each account, joined by `~`. A new password voids it.
 */
function read(cookie: string): Entry[] {
  return cookie.split('~', MOST).flatMap((text) => {
    const [userId, changedAt, device, mac, more] = text.split('.');
    return userId && changedAt && device && mac && more === undefined ? [{ userId, changedAt, device, text }] : [];
  });
}

function sign(app: Pick<App, 'secrets'>, userId: string, changedAt: number, device: string): string {
  const body = [userId, changedAt, device].join('.');
  return `${body}.${new Bun.CryptoHasher('sha256', app.secrets.key('device')).update(body).digest('base64url')}`;
}

/** Id of this device when it has signed in to the account since its last change of password; else null. */
export function knownDevice(app: Pick<App, 'secrets'>, user: Pick<User, 'id' | 'passwordChangedAt'>, cookie: string): string | null {
  for (const { userId, device, text } of read(cookie)) {
    if (userId !== user.id) continue;
    const mine = Buffer.from(sign(app, user.id, user.passwordChangedAt, device));
    const given = Buffer.from(text);
    if (mine.length === given.length && timingSafeEqual(mine, given)) return device;
  }
  return null;
}

/** The cookie after a sign-in to this account: newest first, other accounts kept. */
export function rememberDevice(app: Pick<App, 'secrets' | 'random'>, user: Pick<User, 'id' | 'passwordChangedAt'>, cookie: string): string {
  const device = knownDevice(app, user, cookie) ?? Buffer.from(app.random.bytes(12)).toString('base64url');
  const others = read(cookie).filter((entry) => entry.userId !== user.id).map((entry) => entry.text);
  return [sign(app, user.id, user.passwordChangedAt, device), ...others].slice(0, MOST).join('~');
}
