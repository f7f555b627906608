import { z } from 'zod';
import { parseAddress } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import type { Jail } from '../../platform/fail2ban.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { protectedBy, protections } from '../blocks/protection.ts';

/** As fail2ban lets them be called. */
export const JailName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, say('guard.jail', (t) => t.guard.noJail));
export const JailAddress = z.string().max(64).trim().refine((text) => parseAddress(text) !== null, say('guard.jailAddress', (t) => t.guard.addressRule));

/** Its jails; null where it does not run. @throws AppError denied, unavailable */
export function readJails(app: App, actor: Actor): Promise<Jail[] | null> {
  need(actor, 'guard.read');
  return app.host.fail2ban.jails();
}

/** Does fail2ban look after this service? Then the panel's own guard leaves it alone: two that ban the same would lift each other's. */
export async function keepsItself(app: Pick<App, 'host'>, service: string): Promise<boolean> {
  const names = await app.host.fail2ban.active().catch(() => null);
  return names?.some((name) => name === service || name.startsWith(`${service}-`)) ?? false;
}

/** @throws AppError denied, not_found, invalid for who must stay reachable, unavailable */
export async function changeJail(app: App, actor: Actor, verb: 'ban' | 'unban', jail: string, address: string): Promise<void> {
  need(actor, 'guard.write');
  const found = (await readJails(app, actor))?.find(({ name }) => name === jail);
  if (!found) throw new AppError('not_found', (t) => t.guard.noJail);
  const one = parseAddress(address)!;
  const why = verb === 'ban' ? protectedBy({ family: one.family, first: one.value, last: one.value }, await protections(app, actor)) : null;
  if (why) throw new AppError('invalid', (t) => t.blocks.refused({ address, why: t.blocks.protected[why] }), { field: 'address' });
  await app.host.fail2ban[verb](jail, address);
  record(app, actor, { action: verb === 'ban' ? 'guard.jail_ban' : 'guard.jail_lift', target: `${jail}: ${address}`, commands: [app.host.fail2ban.command(verb, jail, address)] });
}
