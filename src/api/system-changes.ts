import { z } from 'zod';
import type { App } from '../core/app.ts';
import { applyChange } from '../core/system/change.ts';
import { addSwap, automaticPaging, cancelPower, removePageFile, removeSwap, resyncClock, schedulePower, setIdentity, setLocale, setPageFile, setResolver, setSwappiness, setSync, setTimeServers, setZone } from '../core/system/changes.ts';
import { IdentityInput, LocaleName, PageFileInput, PageFilePath, ResolverInput, ScheduleInput, SwapPath, SwapSize, Swappiness, TimeServers, Zone } from '../core/system/input.ts';
import { check } from '../lib/issue.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const refusals = ['conflict', 'unsupported', 'unavailable'] as const;
const Started = z.object({ task: means(z.string(), 'taskId') });

const Identity = z.object({ name: z.string(), written: means(z.string().nullable(), 'identityWritten'), pretty: z.string().nullable(), hasPretty: z.boolean(), netbios: means(z.boolean(), 'identityNetbios') }).meta({ id: 'Identity' });

const MachineTime = z
  .object({
    zone: z.string(), zones: means(z.array(z.string()), 'timeZones'), titles: means(z.record(z.string(), z.string()), 'timeTitles'), ahead: means(z.number().nullable(), 'timeAhead'),
    sync: z.object({ service: z.string().nullable(), on: z.boolean().nullable(), synchronized: z.boolean().nullable(), offset: means(z.number().nullable(), 'clockOffset'), server: z.string().nullable(), lastAt: means(z.number().nullable(), 'clockLastAt'), can: means(z.boolean(), 'clockCan'), servers: means(z.array(z.string()).nullable(), 'clockServers') }),
  })
  .meta({ id: 'MachineTime' });

const Locale = z.object({ current: z.string().nullable(), installed: z.array(z.string()), makeable: means(z.array(z.string()), 'localeMakeable'), written: means(z.string().nullable(), 'localeWritten'), languages: means(z.array(z.string()).nullable(), 'localeLanguages') }).meta({ id: 'MachineLocale' });

const Resolver = z
  .object({
    owner: means(z.enum(['file', 'systemd-resolved', 'NetworkManager', 'resolvconf', 'container', 'windows', 'other']), 'resolverOwner'), by: z.string().nullable(), path: z.string(), servers: z.array(z.string()), search: z.array(z.string()),
    links: means(z.array(z.object({ id: z.number().int(), name: z.string(), up: z.boolean(), servers: z.array(z.string()), fixed: z.array(z.string()) })).nullable(), 'dnsLinks'),
  })
  .meta({ id: 'Resolver' });

const Family = z.union([z.literal(4), z.literal(6)]);
const Interfaces = z.object({
  interfaces: z.array(z.object({
    name: z.string(), state: z.string(), mac: z.string().nullable(), mtu: z.number().nullable(), kind: z.string(),
    addresses: z.array(z.object({ family: Family, address: z.string(), prefix: z.number().int(), scope: z.string(), dynamic: z.boolean() })),
  })),
  routes: means(z.array(z.object({ family: Family, to: z.string(), via: z.string().nullable(), dev: z.string().nullable(), source: z.string().nullable(), metric: z.number().nullable(), protocol: z.string().nullable() })).nullable(), 'routes'),
});

const Swap = z
  .object({
    areas: z.array(z.object({ path: z.string(), kind: z.enum(['file', 'partition']), size: Bytes, used: Bytes, priority: means(z.number().int().nullable(), 'swapPriority'), kept: means(z.boolean(), 'swapKept') })),
    paging: means(z.object({
      automatic: means(z.boolean(), 'pagingAutomatic'), files: z.array(z.object({ path: means(z.string(), 'pageFilePath'), initial: means(z.number().int(), 'pageFileSize'), maximum: z.number().int() })), disks: z.array(z.object({ path: z.string(), free: Bytes })),
    }).nullable(), 'paging'),
    swappiness: means(z.number().int().nullable(), 'swappiness'), free: means(z.number(), 'swapFree'), path: means(z.string(), 'swapPath'),
  })
  .meta({ id: 'Swap' });

const Scheduled = z.object({ planned: means(z.object({ action: z.enum(['reboot', 'shutdown']), at: Time, message: z.string() }).nullable(), 'powerPlanned') });

const readTime = async (app: App) => {
  const time = await app.host.time.read();
  const { sync } = time;
  return { ...time, zones: [...time.zones], sync: { ...sync, servers: sync.servers && [...sync.servers] } };
};

export const systemChanges = [
  endpoint({ id: 'system.identity', method: 'get', path: '/system/identity', permission: 'system.read', status: 200, response: Identity, run: (app) => app.host.identity.read() }),
  endpoint({
    id: 'system.rename', method: 'put', path: '/system/identity', permission: 'system.write', status: 200,
    body: z.strictObject({ name: means(IdentityInput.shape.name, 'hostname'), pretty: IdentityInput.shape.pretty }), response: Identity, refusals, example: { body: { name: 'web-1' } },
    async run(app, actor, { body }) {
      await applyChange(app, actor, setIdentity(app, body));
      return app.host.identity.read();
    },
  }),
  endpoint({ id: 'system.time', method: 'get', path: '/system/time', permission: 'system.read', status: 200, response: MachineTime, run: (app) => readTime(app) }),
  endpoint({
    id: 'system.setTime', method: 'patch', path: '/system/time', permission: 'system.write', status: 200,
    body: z.strictObject({ zone: Zone.optional(), sync: means(z.boolean().optional(), 'clockSync'), servers: means(TimeServers.optional(), 'timeServers'), resync: means(z.literal(true).optional(), 'clockResync') }), response: MachineTime, refusals, example: { body: { zone: 'Asia/Shanghai' } },
    async run(app, actor, { body: { zone, sync, servers, resync } }) {
      if (zone !== undefined) await applyChange(app, actor, setZone(app, zone));
      if (sync !== undefined) await applyChange(app, actor, setSync(app, sync));
      if (servers !== undefined) await applyChange(app, actor, setTimeServers(app, servers));
      if (resync) await applyChange(app, actor, resyncClock(app));
      return readTime(app);
    },
  }),
  endpoint({
    id: 'system.locale', method: 'get', path: '/system/locale', permission: 'system.read', status: 200, response: Locale,
    async run(app) {
      const { installed, makeable, languages, ...rest } = await app.host.locale.read();
      return { ...rest, installed: [...installed], makeable: [...makeable], languages: languages && [...languages] };
    },
  }),
  endpoint({
    id: 'system.setLocale', method: 'put', path: '/system/locale', permission: 'system.write', status: 202,
    body: z.strictObject({ locale: LocaleName }), response: z.object({ task: means(z.string().nullable(), 'localeTask') }), refusals, example: { body: { locale: 'zh_CN.UTF-8' } },
    run: async (app, actor, { body }) => ({ task: await applyChange(app, actor, await setLocale(app, body.locale)) }),
  }),
  endpoint({ id: 'system.dns', method: 'get', path: '/system/dns', permission: 'system.read', status: 200, response: Resolver, refusals: ['unsupported'], run: (app) => app.host.resolver.read() }),
  endpoint({
    id: 'system.setDns', method: 'put', path: '/system/dns', permission: 'system.write', status: 200,
    body: ResolverInput.extend({ link: means(ResolverInput.shape.link, 'dnsLink'), servers: means(ResolverInput.shape.servers, 'dnsServers'), search: means(ResolverInput.shape.search, 'dnsSearch') }), response: Resolver, refusals, example: { body: { servers: ['1.1.1.1', '2606:4700:4700::1111'] } },
    async run(app, actor, { body }) {
      await applyChange(app, actor, await setResolver(app, body));
      return app.host.resolver.read();
    },
  }),
  endpoint({ id: 'system.interfaces', method: 'get', path: '/system/interfaces', permission: 'system.read', status: 200, response: Interfaces, run: (app) => app.host.interfaces.read() }),
  endpoint({ id: 'system.swap', method: 'get', path: '/system/swap', permission: 'system.read', status: 200, response: Swap, refusals: ['unsupported'], run: (app) => app.host.swap.read() }),
  endpoint({
    id: 'system.addSwap', method: 'post', path: '/system/swap', permission: 'system.write', status: 202,
    body: z.strictObject({ size: means(SwapSize, 'swapSize') }), response: Started, refusals, example: { body: { size: 2048 } },
    run: async (app, actor, { body }) => ({ task: (await applyChange(app, actor, addSwap(app, body.size)))! }),
  }),
  endpoint({
    id: 'system.removeSwap', method: 'delete', path: '/system/swap', permission: 'system.write', status: 202,
    body: z.strictObject({ path: means(SwapPath, 'swapWhich') }), response: Started, refusals: [...refusals, 'not_found'], example: { body: { path: '/swapfile' } },
    run: async (app, actor, { body }) => ({ task: (await applyChange(app, actor, removeSwap(app, body.path)))! }),
  }),
  endpoint({
    id: 'system.setPageFile', method: 'put', path: '/system/swap/page-file', permission: 'system.write', status: 200,
    body: z.strictObject({ automatic: means(z.literal(true).optional(), 'pagingAutomatic'), path: means(z.string().optional(), 'pageFilePath'), initial: means(z.number().optional(), 'pageFileSize'), maximum: means(z.number().optional(), 'pageFileSize') }),
    response: Swap, refusals, example: { body: { path: 'C:\\pagefile.sys', initial: 2048, maximum: 4096 } },
    async run(app, actor, { body: { automatic, ...file } }) {
      if (automatic) await applyChange(app, actor, automaticPaging(app));
      else await applyChange(app, actor, setPageFile(app, check(PageFileInput, file)));
      return app.host.swap.read();
    },
  }),
  endpoint({
    id: 'system.removePageFile', method: 'delete', path: '/system/swap/page-file', permission: 'system.write', status: 204,
    body: z.strictObject({ path: means(PageFilePath, 'pageFilePath') }), refusals: [...refusals, 'not_found'], example: { body: { path: 'D:\\pagefile.sys' } },
    run: async (app, actor, { body }) => void (await applyChange(app, actor, removePageFile(app, body.path))),
  }),
  endpoint({
    id: 'system.setSwappiness', method: 'put', path: '/system/swappiness', permission: 'system.write', status: 200,
    body: z.strictObject({ swappiness: means(Swappiness, 'swappiness') }), response: Swap, refusals, example: { body: { swappiness: 10 } },
    async run(app, actor, { body }) {
      await applyChange(app, actor, setSwappiness(app, body.swappiness));
      return app.host.swap.read();
    },
  }),
  endpoint({ id: 'system.power', method: 'get', path: '/system/power', permission: 'system.read', status: 200, response: Scheduled, run: async (app) => ({ planned: await app.host.powerSchedule.read() }) }),
  endpoint({
    id: 'system.schedulePower', method: 'post', path: '/system/power', permission: 'power.write', status: 200,
    body: ScheduleInput.extend({ when: means(ScheduleInput.shape.when, 'powerWhen'), message: means(ScheduleInput.shape.message, 'powerMessage') }), response: Scheduled, refusals, example: { body: { action: 'reboot', when: '03:30', message: 'New kernel' } },
    async run(app, actor, { body }) {
      await applyChange(app, actor, schedulePower(app, body));
      return { planned: await app.host.powerSchedule.read() };
    },
  }),
  endpoint({
    id: 'system.cancelPower', method: 'delete', path: '/system/power', permission: 'power.write', status: 204, refusals,
    run: async (app, actor) => void (await applyChange(app, actor, cancelPower(app))),
  }),
];
