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
export const Zone = z.string().regex(/^[A-Za-z][\w+/-]{0,63}$/, say('system.zone', (t) => t.system.time.noZone));
export const LocaleName = z.string().regex(/^[A-Za-z][\w.@-]{0,40}$/, say('system.locale', (t) => t.system.locale.noSuch));

const badServer = say('system.dnsServers', (t) => t.system.resolver.serversHint);
const badSearch = say('system.dnsSearch', (t) => t.system.resolver.searchHint);
/** The C library asks three and knows six domains (resolv.conf(5)). */
export const ResolverInput = z.strictObject({
  servers: z.array(z.string().refine((text) => isIP(text) > 0 && !text.includes('%'), badServer)).min(1, badServer).max(3, badServer),
  search: z.array(z.string().max(253, badSearch).refine((name) => name.split('.').every((label) => LABEL.test(label)), badSearch)).max(6, badSearch).default([]),
});

const badSize = say('system.swapSize', (t) => t.system.swap.sizeHint);
/** MiB. */
export const SwapSize = z.number(badSize).int(badSize).min(64, badSize).max(262_144, badSize);
const badSwappiness = say('system.swappiness', (t) => t.system.swap.swappinessHint);
export const Swappiness = z.number(badSwappiness).int(badSwappiness).min(0, badSwappiness).max(200, badSwappiness);
export const SwapPath = z.string().max(300).regex(/^\/[^\p{Cc}]+$/u);

const badWhen = say('system.when', (t) => t.system.power.whenHint);
const badMessage = say('system.message', (t) => t.system.power.messageHint);
const WEEK_MINUTES = 7 * 24 * 60;
export const ScheduleInput = z.strictObject({
  action: z.enum(['reboot', 'shutdown']),
  /** shutdown(8): minutes from now, or a time of the machine's clock. */
  when: z.string().trim().regex(/^(\+[1-9]\d{0,4}|([01]\d|2[0-3]):[0-5]\d)$/, badWhen).refine((text) => !text.startsWith('+') || Number(text) <= WEEK_MINUTES, badWhen),
  message: z.string().trim().max(200, badMessage).regex(/^[^\p{Cc}\p{Cf}]*$/u, badMessage).refine((text) => !text.startsWith('-'), badMessage).default(''),
});
