import type { z } from 'zod';
import type { App } from '../app.ts';
import type { Asked } from './change.ts';
import type { IdentityInput, ResolverInput, ScheduleInput } from './input.ts';

/** What can be changed of the machine itself, each with what the audit log calls it. */
export const setIdentity = ({ host }: App, change: z.output<typeof IdentityInput>): Asked<typeof change> => ({ action: 'system.hostname', target: change.name, driver: host.identity, change, params: { pretty: change.pretty } });
export const setZone = ({ host }: App, zone: string): Asked<{ zone: string }> => ({ action: 'system.time_zone', target: zone, driver: host.time, change: { zone } });
export const setSync = ({ host }: App, sync: boolean): Asked<{ sync: boolean }> => ({ action: 'system.clock_sync', target: '', driver: host.time, change: { sync }, params: { on: sync } });

/** One that has to be made takes some seconds to minutes. */
export async function setLocale({ host }: App, locale: string): Promise<Asked<{ locale: string }>> {
  const { installed } = await host.locale.read();
  return { action: 'system.locale', target: locale, driver: host.locale, change: { locale }, ...(installed.includes(locale) ? {} : { step: 'localeMake' }) };
}

export const setResolver = ({ host }: App, change: z.output<typeof ResolverInput>): Asked<typeof change> => ({ action: 'system.dns', target: change.servers.join(' '), driver: host.resolver, change, params: { search: change.search } });
export const addSwap = ({ host }: App, mib: number): Asked<{ add: number }> => ({ action: 'system.swap_add', target: `${mib} MiB`, driver: host.swap, change: { add: mib }, step: 'swapMake' });
export const removeSwap = ({ host }: App, path: string): Asked<{ remove: string }> => ({ action: 'system.swap_remove', target: path, driver: host.swap, change: { remove: path }, step: 'swapEmpty' });
export const setSwappiness = ({ host }: App, swappiness: number): Asked<{ swappiness: number }> => ({ action: 'system.swappiness', target: String(swappiness), driver: host.swap, change: { swappiness } });
export const schedulePower = ({ host }: App, change: z.output<typeof ScheduleInput>): Asked<typeof change> => ({ action: 'power.schedule', permission: 'power.write', target: change.action, driver: host.powerSchedule, change, params: { when: change.when, message: change.message } });
export const cancelPower = ({ host }: App): Asked<{ cancel: true }> => ({ action: 'power.cancel', permission: 'power.write', driver: host.powerSchedule, change: { cancel: true } });
