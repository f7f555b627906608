import type { z } from 'zod';
import type { App } from '../app.ts';
import type { Asked } from './change.ts';
import { AppError } from '../../lib/errors.ts';
import { MOST_SERVERS, type IdentityInput, type PageFileInput, type ResolverInput, type ScheduleInput } from './input.ts';

/** What can be changed of the machine itself, each with what the audit log calls it. */
export const setIdentity = ({ host }: App, change: z.output<typeof IdentityInput>): Asked<typeof change> => ({ action: 'system.hostname', target: change.name, driver: host.identity, change, params: { pretty: change.pretty } });
export const setZone = ({ host }: App, zone: string): Asked<{ zone: string }> => ({ action: 'system.time_zone', target: zone, driver: host.time, change: { zone } });
export const setSync = ({ host }: App, sync: boolean): Asked<{ sync: boolean }> => ({ action: 'system.clock_sync', target: '', driver: host.time, change: { sync }, params: { on: sync } });
export const setTimeServers = ({ host }: App, servers: readonly string[]): Asked<{ servers: readonly string[] }> => ({ action: 'system.time_servers', target: servers.join(' '), driver: host.time, change: { servers } });
export const resyncClock = ({ host }: App): Asked<{ resync: true }> => ({ action: 'system.clock_resync', target: '', driver: host.time, change: { resync: true } });

/** One that has to be made takes some seconds to minutes. */
export async function setLocale({ host }: App, locale: string): Promise<Asked<{ locale: string }>> {
  const { installed } = await host.locale.read();
  return { action: 'system.locale', target: locale, driver: host.locale, change: { locale }, ...(installed.includes(locale) ? {} : { step: 'localeMake' }) };
}

/** Of one interface where each has its own, and without one elsewhere. @throws AppError invalid */
export async function setResolver({ host }: App, change: z.output<typeof ResolverInput>): Promise<Asked<typeof change>> {
  // What is no answer anywhere is said first, as of everything else.
  if (change.link === undefined && (change.servers.length === 0 || change.servers.length > MOST_SERVERS)) throw new AppError('invalid', (t) => t.system.resolver.serversHint, { field: 'servers' });
  const refusal = await host.resolver.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  const { links } = await host.resolver.read();
  const link = links?.find(({ id }) => id === change.link);
  if (!link && (links || change.link !== undefined)) throw new AppError('invalid', (t) => t.system.resolver.noLink, { field: 'link' });
  return { action: 'system.dns', target: [link?.name, ...change.servers].filter(Boolean).join(' '), driver: host.resolver, change, params: { search: change.search } };
}

export const addSwap = ({ host }: App, mib: number): Asked<{ add: number }> => ({ action: 'system.swap_add', target: `${mib} MiB`, driver: host.swap, change: { add: mib }, step: 'swapMake' });
export const removeSwap = ({ host }: App, path: string): Asked<{ remove: string }> => ({ action: 'system.swap_remove', target: path, driver: host.swap, change: { remove: path }, step: 'swapEmpty' });
export const setPageFile = ({ host }: App, pageFile: z.output<typeof PageFileInput>): Asked<{ pageFile: typeof pageFile }> => ({ action: 'system.page_file', target: pageFile.path, driver: host.swap, change: { pageFile }, params: { initial: pageFile.initial, maximum: pageFile.maximum } });
export const removePageFile = ({ host }: App, path: string): Asked<{ remove: string }> => ({ action: 'system.page_file_remove', target: path, driver: host.swap, change: { remove: path } });
export const automaticPaging = ({ host }: App): Asked<{ automatic: true }> => ({ action: 'system.page_file_automatic', target: '', driver: host.swap, change: { automatic: true } });
export const setSwappiness = ({ host }: App, swappiness: number): Asked<{ swappiness: number }> => ({ action: 'system.swappiness', target: String(swappiness), driver: host.swap, change: { swappiness } });
export const schedulePower = ({ host }: App, change: z.output<typeof ScheduleInput>): Asked<typeof change> => ({ action: 'power.schedule', permission: 'power.write', target: change.action, driver: host.powerSchedule, change, params: { when: change.when, message: change.message } });
export const cancelPower = ({ host }: App): Asked<{ cancel: true }> => ({ action: 'power.cancel', permission: 'power.write', driver: host.powerSchedule, change: { cancel: true } });
