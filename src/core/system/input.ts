import { isIP } from 'node:net';
import { z } from 'zod';
import { say } from '../../lib/issue.ts';

/** A label of RFC 1123 §2.1: letters, digits, dashes inside. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const badName = say('system.hostname', (t) => t.system.identity.nameHint);
/** At most 64 characters (sethostname(2)); one of digits alone would be taken for an address. */
export const Hostname = z.string().trim().min(1, badName).max(64, badName).refine((name) => name.split('.').every((label) => LABEL.test(label)) && !/^\d+$/.test(name.split('.').at(-1)!), badName);

const badPretty = say('system.pretty', (t) => t.system.identity.prettyHint);
export const Pretty = z.string().trim().max(100, badPretty).regex(/^[^\p{Cc}\p{Cf}]*$/u, badPretty);

export const IdentityInput = z.strictObject({ name: Hostname, pretty: Pretty.default('') });

/** That it is one of the machine's own is asked of the machine. */
export const Zone = z.string().regex(/^[A-Za-z][\w+/.() -]{0,63}$/, say('system.zone', (t) => t.system.time.noZone));
export const LocaleName = z.string().regex(/^[A-Za-z][\w.@-]{0,40}$/, say('system.locale', (t) => t.system.locale.noSuch));

const badTimeServer = say('system.timeServers', (t) => t.system.time.serversHint);
const isTimeServer = (text: string) => isIP(text) > 0 ? !text.includes('%') : text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
export const TimeServers = z.array(z.string().refine(isTimeServer, badTimeServer)).min(1, badTimeServer).max(8, badTimeServer);

const badServer = say('system.dnsServers', (t) => t.system.resolver.serversHint);
const badSearch = say('system.dnsSearch', (t) => t.system.resolver.searchHint);
/** Where there is one list for all: the C library asks three (resolv.conf(5)). */
export const MOST_SERVERS = 3;
/** The C library knows six domains (resolv.conf(5)). An interface of Windows may have many servers, and none of its own. */
export const ResolverInput = z.strictObject({
  link: z.number().int().positive().optional(),
  servers: z.array(z.string().refine((text) => isIP(text) > 0 && !text.includes('%'), badServer)).max(8, badServer),
  search: z.array(z.string().max(253, badSearch).refine((name) => name.split('.').every((label) => LABEL.test(label)), badSearch)).max(6, badSearch).default([]),
});

const badSize = say('system.swapSize', (t) => t.system.swap.sizeHint);
/** MiB. */
export const SwapSize = z.number(badSize).int(badSize).min(64, badSize).max(262_144, badSize);
const badSwappiness = say('system.swappiness', (t) => t.system.swap.swappinessHint);
export const Swappiness = z.number(badSwappiness).int(badSwappiness).min(0, badSwappiness).max(200, badSwappiness);
export const SwapPath = z.string().max(300).regex(/^(\/|[A-Za-z]:\\)[^\p{Cc}]+$/u);

const badPageSize = say('system.pageFileSize', (t) => t.system.swap.pageSizeHint);
/** MiB. */
const PageSize = z.number(badPageSize).int(badPageSize).max(1_048_576, badPageSize).refine((size) => size === 0 || size >= 16, badPageSize);
const badPageOrder = say('system.pageFileOrder', (t) => t.system.swap.pageSizeOrder);
/** On each disk it can lie in one place only. */
export const PageFilePath = z.string().regex(/^[A-Za-z]:\\pagefile\.sys$/i, say('system.pageFilePath', (t) => t.system.swap.noDisk)).transform((path) => `${path[0]!.toUpperCase()}:\\pagefile.sys`);
export const PageFileInput = z.strictObject({ path: PageFilePath, initial: PageSize, maximum: PageSize })
  .refine(({ initial, maximum }) => maximum >= initial && (initial === 0) === (maximum === 0), { path: ['maximum'], message: badPageOrder });

const badWhen = say('system.when', (t) => t.system.power.whenHint);
const badMessage = say('system.message', (t) => t.system.power.messageHint);
const WEEK_MINUTES = 7 * 24 * 60;
export const ScheduleInput = z.strictObject({
  action: z.enum(['reboot', 'shutdown']),
  /** shutdown(8): minutes from now, or a time of the machine's clock. */
  when: z.string().trim().regex(/^(\+[1-9]\d{0,4}|([01]\d|2[0-3]):[0-5]\d)$/, badWhen).refine((text) => !text.startsWith('+') || Number(text) <= WEEK_MINUTES, badWhen),
  message: z.string().trim().max(200, badMessage).regex(/^[^\p{Cc}\p{Cf}]*$/u, badMessage).refine((text) => !text.startsWith('-'), badMessage).default(''),
});
