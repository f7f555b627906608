import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hopAlias } from './config.ts';

/** Names the folder of a handover to the program that ssh asks for passwords: no secret stands in the environment. */
export const ASKPASS = 'MANTOU_ASKPASS';

/** What is known for each hop, by its alias. */
export type Ticket = Readonly<Record<string, { label: string; password: string | null; passphrase: string | null; keyPath: string | null }>>;

const TICKET = 'ticket';
export const ticketFile = { name: TICKET, text: (ticket: Ticket) => JSON.stringify(ticket) };

/** @returns null when the time of the ticket is over */
export function readTicket(folder: string): Ticket | null {
  try {
    return JSON.parse(readFileSync(join(folder, TICKET), 'utf8')) as Ticket;
  } catch {
    return null;
  }
}

/**
 * Which hop the ssh that asks is for: `/usr/bin/ssh -F … -- mantou-hop-0 htop`, and for the next on the way
 * `/usr/bin/ssh -F … -W [10.0.0.5]:22 mantou-hop-1`. What it asks with may be the words of a server.
 */
export function askingHop(cmdline: string): string | null {
  const known = new Set(Array.from({ length: 16 }, (_, i) => hopAlias(i)));
  return cmdline.split('\0').find((word) => known.has(word)) ?? null;
}

const PASSWORD = /pass(word|wd)|密码|密碼|口令/i;
/** Of a second factor: not what is kept. */
const CODE = /one.?time|otp|token|verification|\bcode\b|验证/i;

/**
 * Is this the prompt for what is kept? The passphrase is for ssh alone, whose prompt names the key by a path that no
 * server knows; a password is for the server that asks.
 */
export function wanted(prompt: string, { keyPath }: { keyPath: string | null }): 'password' | 'passphrase' | null {
  if (keyPath !== null && prompt === `Enter passphrase for key '${keyPath}': `) return 'passphrase';
  return !/^Enter passphrase for key/.test(prompt) && PASSWORD.test(prompt) && !CODE.test(prompt) ? 'password' : null;
}

/** Each secret is given once: when ssh asks again, it was wrong, and a person has to know. @returns is this the first time? */
export function takeOnce(folder: string, alias: string, what: string): boolean {
  try {
    writeFileSync(join(folder, `given-${alias}-${what}`), '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
