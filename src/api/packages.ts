import { z } from 'zod';
import { changePackages, listPackages, PACKAGE_TOOLS, PackageName, readChangelog, STAYS, UNREAD, UpgradeInput } from '../core/packages/packages.ts';
import type { Actor, App } from '../core/app.ts';
import type { PackageChange } from '../platform/packages.ts';
import { endpoint } from './endpoint.ts';
import { MaybeTime, means } from './schemas.ts';

const Update = z.object({
  name: z.string(), title: means(z.string().nullable(), 'packageTitle'), arch: z.string(), from: z.string(), to: z.string(), security: z.boolean(), origin: z.string(),
  size: means(z.number().nullable(), 'packageSize'), stays: means(z.enum(STAYS).nullable(), 'packageStays'),
});

const Packages = z
  .object({
    updates: z.array(Update), fresh: means(z.array(z.string()), 'packagesFresh'), held: means(z.array(z.string()), 'packagesHeld'), refreshedAt: MaybeTime,
    interrupted: means(z.string().nullable(), 'packagesInterrupted'), busy: means(z.boolean(), 'packagesBusy'),
    automatic: means(z.object({ name: z.string(), installed: z.boolean(), on: z.boolean(), path: z.string() }).nullable(), 'packagesAutomatic'),
    unread: means(z.array(z.object({ tool: z.enum(PACKAGE_TOOLS), what: z.enum(UNREAD), detail: z.string().nullable() })), 'packagesUnread'),
  })
  .meta({ id: 'Packages' });

const Started = z.object({ task: means(z.string(), 'taskId') });
const Params = z.strictObject({ name: means(PackageName, 'packageName') });
const refusals = ['conflict', 'unsupported', 'unavailable'] as const;
/** Only a hold is done at once. */
const start = async (app: App, actor: Actor, change: Exclude<PackageChange, { kind: 'hold' }>) => ({ task: (await changePackages(app, actor, change))! });

export const packages = [
  endpoint({
    id: 'packages.list', method: 'get', path: '/packages', permission: 'packages.read', status: 200, response: Packages, refusals: ['unsupported', 'unavailable'],
    async run(app, actor) {
      const { unread, ...rest } = await listPackages(app, actor);
      return { ...rest, unread: unread.map(({ tool, what, detail }) => ({ tool, what, detail })) };
    },
  }),
  endpoint({
    id: 'packages.refresh', method: 'post', path: '/packages/refresh', permission: 'packages.write', status: 202, response: Started, refusals,
    run: (app, actor) => start(app, actor, { kind: 'refresh' }),
  }),
  endpoint({
    id: 'packages.upgrade', method: 'post', path: '/packages/upgrade', permission: 'packages.write', status: 202,
    body: z.strictObject({ which: means(UpgradeInput.shape.which, 'packagesWhich'), names: means(UpgradeInput.shape.names, 'packagesNames') }), response: Started, refusals,
    example: { body: { which: 'security' } },
    run: (app, actor, { body }) => start(app, actor, { kind: 'upgrade', ...body }),
  }),
  endpoint({
    id: 'packages.repair', method: 'post', path: '/packages/repair', permission: 'packages.write', status: 202, response: Started, refusals,
    run: (app, actor) => start(app, actor, { kind: 'repair' }),
  }),
  endpoint({
    id: 'packages.automatic', method: 'post', path: '/packages/automatic', permission: 'packages.write', status: 202,
    body: z.strictObject({ on: z.boolean() }), response: Started, refusals, example: { body: { on: true } },
    run: (app, actor, { body }) => start(app, actor, { kind: 'automatic', to: body.on }),
  }),
  endpoint({
    id: 'packages.hold', method: 'post', path: '/packages/{name}/hold', permission: 'packages.write', status: 204,
    params: Params, body: z.strictObject({ held: means(z.boolean(), 'packageHold') }), refusals, example: { body: { held: true } },
    run: async (app, actor, { params, body }) => void (await changePackages(app, actor, { kind: 'hold', name: params.name, to: body.held })),
  }),
  endpoint({
    id: 'packages.changelog', method: 'get', path: '/packages/{name}/changelog', permission: 'packages.read', status: 200,
    params: Params, response: z.object({ text: z.string().nullable() }), refusals: ['unsupported', 'unavailable'],
    run: async (app, actor, { params }) => ({ text: await readChangelog(app, actor, params.name) }),
  }),
];
