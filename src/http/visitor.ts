import type { Context } from 'hono';
import type { SignedIn, Visitor } from '../core/sign-in/sign-in.ts';
import { dropPending, readDevice, readSession, writeDevice, writeSession } from './cookies.ts';
import type { Env } from './env.ts';

/** The browser at the door, as core sees it. */
export const visitorOf = (c: Context<Env>): Visitor => ({
  ip: c.get('ip'),
  userAgent: c.req.header('user-agent') ?? '',
  device: readDevice(c),
  session: readSession(c),
});

/** The cookies of somebody who has just signed in. */
export function letIn(c: Context<Env>, { token, device }: SignedIn) {
  writeSession(c, token);
  writeDevice(c, device);
  dropPending(c);
}
