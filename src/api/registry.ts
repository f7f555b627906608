import { z } from 'zod';
import {
  createKey, CreateInput, FileInput, importFile, ImportInput, NameInput, planImport, removeKey, RemoveInput, removeValue, renameKey, RenameInput, setValue, undoChange, ValueInput,
} from '../core/registry/change.ts';
import { listChanges } from '../core/registry/journal.ts';
import { nameOf, PlaceInput, ValueName } from '../core/registry/place.ts';
import type { Plan } from '../core/registry/plan.ts';
import { exportKey, KeyQuery, readKey, readValue, registryRoots } from '../core/registry/read.ts';
import { RegistrySearch, searchRegistry, SEARCH_IN } from '../core/registry/search.ts';
import { shownOf, typeName } from '../core/registry/value.ts';
import { REGISTRY_ACTIONS } from '../db/schema/registry-changes.ts';
import { dispositionOf } from '../http/file-response.ts';
import type { RegistryValue } from '../platform/registry.ts';
import { endpoint } from './endpoint.ts';
import { MaybeTime, means, Time } from './schemas.ts';

const Path = means(PlaceInput.shape.key, 'registryKey');
const View = means(PlaceInput.shape.view, 'registryView');
const Name = means(ValueName, 'registryName');

const Value = z.object({ name: means(z.string(), 'registryName'), type: z.string(), value: means(z.string(), 'registryValue'), bytes: means(z.string(), 'registryBytes') }).meta({ id: 'RegistryValue' });
const Key = z
  .object({
    path: z.string(), view: z.number().int(), care: means(z.enum(['read-only', 'delicate']).nullable(), 'registryCare'), writtenAt: MaybeTime,
    keys: z.array(z.object({ name: z.string(), hasKeys: z.boolean() })), keysTotal: z.number().int(), values: z.array(Value), valuesTotal: z.number().int(),
  })
  .meta({ id: 'RegistryKey' });
const PlanAnswer = z
  .object({
    changes: z.number().int(), digest: means(z.string(), 'registryDigest'),
    rows: z.array(z.object({ kind: z.enum(['key-new', 'key-removed', 'value-new', 'value-changed', 'value-removed', 'same']), path: z.string(), name: z.string().nullable(), before: Value.nullable(), after: Value.nullable() })),
  })
  .meta({ id: 'RegistryPlan' });
const Made = z.object({ change: means(z.string(), 'registryChange') }).meta({ id: 'RegistryMade' });

const valueOf = (value: RegistryValue) => ({ name: value.name, type: typeName(value.type), value: shownOf(value), bytes: Buffer.from(value.bytes).toString('base64') });
const planOf = ({ rows, changes, digest }: Plan) => ({
  changes, digest, rows: rows.map(({ kind, path, name, before, after }) => ({ kind, path, name, before: before && valueOf(before), after: after && valueOf(after) })),
});
const made = async (id: Promise<string>) => ({ change: await id });
const refusals = ['unsupported', 'not_found', 'invalid', 'denied'] as const;
const changing = [...refusals, 'conflict'] as const;

export const registry = [
  endpoint({
    id: 'registry.roots', method: 'get', path: '/registry/roots', permission: 'registry.read', status: 200, response: z.object({ items: z.array(z.string()) }),
    run: () => ({ items: [...registryRoots()] }),
  }),
  endpoint({
    id: 'registry.key', method: 'get', path: '/registry/key', permission: 'registry.read', status: 200, refusals,
    query: KeyQuery.extend({ key: Path, view: View, q: means(KeyQuery.shape.q, 'registryFilter') }), response: Key,
    example: { query: 'key=HKLM%5CSOFTWARE' },
    async run(app, actor, { query: { key, view, q } }) {
      const { pillar: _pillar, values, ...found } = await readKey(app, actor, { path: key, view }, q);
      return { ...found, values: values.map(valueOf) };
    },
  }),
  endpoint({
    id: 'registry.value', method: 'get', path: '/registry/value', permission: 'registry.read', status: 200, refusals,
    query: NameInput.extend({ key: Path, view: View, name: Name.default('') }), response: Value,
    run: async (app, actor, { query: { key, view, name } }) => valueOf(await readValue(app, actor, { path: key, view }, name)),
  }),
  endpoint({
    id: 'registry.search', method: 'get', path: '/registry/search', permission: 'registry.read', status: 200, refusals,
    query: z.strictObject({ key: Path, view: View, q: means(RegistrySearch.shape.q, 'registryText'), in: means(z.enum(SEARCH_IN).optional(), 'registryIn'), after: means(RegistrySearch.shape.after, 'registryAfter') }),
    response: z.object({
      items: z.array(z.object({ path: z.string(), value: Value.nullable() })), looked: z.number().int(), unread: z.number().int(), next: means(z.string().nullable(), 'registryNext'),
    }).meta({ id: 'RegistrySearch' }),
    async run(app, actor, { query }) {
      const found = await searchRegistry(app, actor, { ...query, in: query.in ? [query.in] : [...SEARCH_IN] });
      return { ...found, items: found.items.map(({ path, value }) => ({ path, value: value && valueOf(value) })) };
    },
  }),
  endpoint({
    id: 'registry.export', method: 'get', path: '/registry/export', permission: 'registry.read', status: 200, refusals,
    query: PlaceInput.extend({ key: Path, view: View }), gives: 'application/octet-stream',
    async run(app, actor, { query: { key, view } }) {
      const bytes = await exportKey(app, actor, { path: key, view });
      return new Response(Uint8Array.from(bytes), { headers: { 'content-type': 'application/octet-stream', 'content-disposition': dispositionOf(`${nameOf(key)}.reg`) } });
    },
  }),
  endpoint({
    id: 'registry.set', method: 'put', path: '/registry/value', permission: 'registry.write', status: 200, refusals: changing,
    body: ValueInput.extend({ key: Path, view: View, name: Name, value: means(ValueInput.shape.value, 'registryValue') }), response: Made,
    example: { body: { key: 'HKLM\\SOFTWARE\\Example', name: 'Level', type: 'REG_DWORD', value: '3' } },
    run: (app, actor, { body }) => made(setValue(app, actor, body)),
  }),
  endpoint({
    id: 'registry.unset', method: 'post', path: '/registry/value/remove', permission: 'registry.write', status: 200, refusals: changing,
    body: NameInput.extend({ key: Path, view: View, name: Name }), response: Made,
    run: (app, actor, { body }) => made(removeValue(app, actor, body)),
  }),
  endpoint({
    id: 'registry.create', method: 'post', path: '/registry/key', permission: 'registry.write', status: 200, refusals: changing,
    body: CreateInput.extend({ key: Path, view: View, name: means(CreateInput.shape.name, 'registryNewName') }), response: Made,
    run: (app, actor, { body }) => made(createKey(app, actor, body)),
  }),
  endpoint({
    id: 'registry.rename', method: 'post', path: '/registry/key/rename', permission: 'registry.write', status: 200, refusals: changing,
    body: RenameInput.extend({ key: Path, view: View, name: means(RenameInput.shape.name, 'registryNewName') }), response: Made,
    run: (app, actor, { body }) => made(renameKey(app, actor, body)),
  }),
  endpoint({
    id: 'registry.remove', method: 'post', path: '/registry/key/remove', permission: 'registry.write', status: 200, refusals: changing,
    body: RemoveInput.extend({ key: Path, view: View, confirm: means(RemoveInput.shape.confirm, 'registryConfirm') }), response: Made,
    run: (app, actor, { body }) => made(removeKey(app, actor, body)),
  }),
  endpoint({
    id: 'registry.plan', method: 'post', path: '/registry/plan', permission: 'registry.write', status: 200, refusals,
    body: FileInput.extend({ file: means(FileInput.shape.file, 'registryFile'), view: View }), response: PlanAnswer,
    run: async (app, actor, { body }) => planOf(await planImport(app, actor, body)),
  }),
  endpoint({
    id: 'registry.import', method: 'post', path: '/registry/import', permission: 'registry.write', status: 200, refusals: changing,
    body: ImportInput.extend({ file: means(FileInput.shape.file, 'registryFile'), view: View, digest: means(ImportInput.shape.digest, 'registryDigest') }), response: Made.extend({ changes: z.number().int() }).meta({ id: 'RegistryImported' }),
    async run(app, actor, { body }) {
      const { id, changes } = await importFile(app, actor, body);
      return { change: id, changes };
    },
  }),
  endpoint({
    id: 'registry.changes', method: 'get', path: '/registry/changes', permission: 'registry.read', status: 200,
    response: z.object({
      items: z.array(z.object({ id: z.string(), at: Time, actor: z.string(), action: z.enum(REGISTRY_ACTIONS), path: z.string(), view: z.number().int(), changes: z.number().int(), undone: z.boolean() }).meta({ id: 'RegistryChange' })),
    }),
    run: (app, actor) => ({ items: listChanges(app, actor, 500) }),
  }),
  endpoint({
    id: 'registry.undo', method: 'post', path: '/registry/changes/{id}/undo', permission: 'registry.write', status: 200, refusals: changing,
    params: z.strictObject({ id: z.string().max(100) }), response: Made,
    run: (app, actor, { params: { id } }) => made(undoChange(app, actor, id)),
  }),
];
