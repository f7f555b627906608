import { z } from 'zod';
import type { RegistryAction } from '../../db/schema/registry-changes.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { Mutex } from '../../lib/mutex.ts';
import type { RegistryDriver, RegistryPlace } from '../../platform/registry.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { commandsOf } from './commands.ts';
import { keepChange, readChange } from './journal.ts';
import { joinPath, KeyName, nameOf, needWritable, parentOf, PlaceInput, ValueName } from './place.ts';
import { applyChange, planChange, type Plan } from './plan.ts';
import { decodeReg, parseReg, type KeyChange, type RegFile } from './reg-file.ts';
import { snapshot } from './snapshot.ts';
import { encode, VALUE_MOST, VALUE_TYPES, typeNumber, type ValueType } from './value.ts';

/** @throws AppError unsupported where there is no registry */
export function driverOf(app: App): RegistryDriver {
  const { registry } = app.host;
  const refusal = registry.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return registry;
}

const tooLong = say('registry.long', (t) => t.registry.longValue);
export const ValueInput = PlaceInput.extend({ name: ValueName, type: z.enum(VALUE_TYPES), value: z.string().max(4 * VALUE_MOST, tooLong) });
export const NameInput = PlaceInput.extend({ name: ValueName });
export const CreateInput = PlaceInput.extend({ name: KeyName });
export const RemoveInput = PlaceInput.extend({ confirm: z.string().max(300).default('') });
export const RenameInput = CreateInput;
/** A .reg file as it lies on a disk, in base64. */
export const FileInput = z.strictObject({ file: z.base64().max(2 ** 20), view: PlaceInput.shape.view });
/** `digest`: of the plan that was looked at. */
export const ImportInput = FileInput.extend({ digest: z.string().regex(/^[\da-f]{64}$/) });

/** One change at a time: what is kept to put one back is what was there right before it. */
const turns = new Mutex();

interface Wanted {
  action: RegistryAction;
  place: RegistryPlace;
  keys: readonly KeyChange[];
  digest?: string;
  undoes?: string;
}

async function make(app: App, actor: Actor, { action, place, keys, digest, undoes }: Wanted): Promise<{ id: string; plan: Plan }> {
  const driver = driverOf(app);
  return turns.run('registry', async () => {
    const plan = await planChange(driver, keys, place.view);
    if (digest !== undefined && plan.digest !== digest) throw new AppError('conflict', (t) => t.registry.changedMeanwhile);
    const { path, view } = place;
    const id = keepChange(app, actor, { action, path, view, changes: plan.changes, undo: plan.undo, ...(undoes ? { undoes } : {}) });
    const entry = { action: `registry.${action}`, target: path, params: { view, changes: plan.changes }, commands: commandsOf(plan, view) };
    try {
      await applyChange(driver, keys, view);
    } catch (error) {
      record(app, actor, { ...entry, result: 'failed' });
      throw error;
    }
    record(app, actor, entry);
    return { id, plan };
  });
}

/** Bytes of what was typed. @throws AppError invalid */
export function bytesOf(type: ValueType, text: string): Uint8Array {
  const bytes = encode(type, text);
  if (!bytes) throw new AppError('invalid', (t) => t.registry.badValue[type], { field: 'value' });
  if (bytes.length > VALUE_MOST) throw new AppError('invalid', (t) => t.registry.longValue, { field: 'value' });
  return bytes;
}

/** @throws AppError denied, not_found: there is no such key, invalid, unsupported */
export async function setValue(app: App, actor: Actor, { key, view, name, type, value }: z.output<typeof ValueInput>): Promise<string> {
  need(actor, 'registry.write');
  const place = { path: key, view };
  needWritable(place);
  const bytes = bytesOf(type, value);
  await needKey(app, place);
  return (await make(app, actor, { action: 'set', place, keys: [{ path: key, remove: false, values: [{ name, type: typeNumber(type), bytes }] }] })).id;
}

/** @throws AppError denied, not_found, unsupported */
export async function removeValue(app: App, actor: Actor, { key, view, name }: z.output<typeof NameInput>): Promise<string> {
  need(actor, 'registry.write');
  const place = { path: key, view };
  needWritable(place);
  const found = await needKey(app, place);
  if (!found.values.some((value) => value.name.toLowerCase() === name.toLowerCase())) throw new AppError('not_found', (t) => t.registry.noValue({ name: name || t.registry.standard }));
  return (await make(app, actor, { action: 'unset', place, keys: [{ path: key, remove: false, values: [{ name, remove: true }] }] })).id;
}

/** @throws AppError conflict: it is there already */
export async function createKey(app: App, actor: Actor, { key, view, name }: z.output<typeof CreateInput>): Promise<string> {
  need(actor, 'registry.write');
  await needKey(app, { path: key, view });
  const place = { path: joinPath(key, name), view };
  await needFree(app, place);
  return (await make(app, actor, { action: 'create', place, keys: [{ path: place.path, remove: false, values: [] }] })).id;
}

/** With all that is in it. @throws AppError invalid: its name was not typed; denied: it is protected, or holds others up */
export async function removeKey(app: App, actor: Actor, { key, view, confirm }: z.output<typeof RemoveInput>): Promise<string> {
  need(actor, 'registry.write');
  const place = { path: key, view };
  needWritable(place, true);
  await needKey(app, place);
  if (confirm.trim() !== nameOf(key)) throw new AppError('invalid', (t) => t.registry.typeName({ name: nameOf(key) }), { field: 'confirm' });
  return (await make(app, actor, { action: 'remove', place, keys: [{ path: key, remove: true, values: [] }] })).id;
}

/** Windows has no call for it that all versions know: what it holds is written under the new name, and the old one goes. */
export async function renameKey(app: App, actor: Actor, { key, view, name }: z.output<typeof RenameInput>): Promise<string> {
  need(actor, 'registry.write');
  const place = { path: key, view };
  needWritable(place, true);
  await needKey(app, place);
  const to = joinPath(parentOf(key)!, name);
  await needFree(app, { path: to, view });
  const { keys, unread } = await snapshot(driverOf(app), place);
  if (unread.length) throw new AppError('denied', (t) => t.registry.denied({ path: unread[0]! }));
  const moved = keys.map((each) => ({ ...each, path: `${to}${each.path.slice(key.length)}` }));
  return (await make(app, actor, { action: 'rename', place, keys: [...moved, { path: key, remove: true, values: [] }] })).id;
}

/** What a .reg file holds. @throws AppError invalid: it is none, or a line of it says nothing */
export function readFile(file: string): RegFile & { keys: KeyChange[] } {
  const found = parseReg(decodeReg(Buffer.from(file, 'base64')));
  if (!found) throw new AppError('invalid', (t) => t.registry.noRegFile, { field: 'file' });
  const [fault] = found.faults;
  if (fault) throw new AppError('invalid', (t) => t.registry.badLine({ line: fault.line, text: fault.text }), { field: 'file' });
  if (found.keys.length === 0) throw new AppError('invalid', (t) => t.registry.emptyRegFile, { field: 'file' });
  return found;
}

/** What importing it would do. @throws AppError invalid, denied */
export async function planImport(app: App, actor: Actor, { file, view }: z.output<typeof FileInput>): Promise<Plan> {
  need(actor, 'registry.write');
  return planChange(driverOf(app), readFile(file).keys, view);
}

/** @throws AppError conflict: what is there has changed since the plan was looked at */
export async function importFile(app: App, actor: Actor, { file, view, digest }: z.output<typeof ImportInput>): Promise<{ id: string; changes: number }> {
  need(actor, 'registry.write');
  const { keys } = readFile(file);
  const { id, plan } = await make(app, actor, { action: 'import', place: { path: commonOf(keys), view }, keys, digest });
  return { id, changes: plan.changes };
}

/** What putting a change back would do now. */
export async function planUndo(app: App, actor: Actor, id: string) {
  const { change, undo } = readChange(app, actor, id);
  return { change, plan: await planChange(driverOf(app), undo, change.view) };
}

/** @throws AppError conflict: it was put back already, or what is there has changed since the plan was looked at */
export async function undoChange(app: App, actor: Actor, id: string, digest?: string): Promise<string> {
  const { change, undo } = readChange(app, actor, id);
  const wanted: Wanted = { action: 'undo', place: change, keys: undo, undoes: id };
  return (await make(app, actor, digest === undefined ? wanted : { ...wanted, digest })).id;
}

/** The key that all of them lie in. */
function commonOf(keys: readonly KeyChange[]): string {
  const [first = [], ...rest] = keys.map(({ path }) => path.split('\\'));
  const length = first.findIndex((name, i) => rest.some((parts) => parts[i]?.toLowerCase() !== name.toLowerCase()));
  return (length < 0 ? first : first.slice(0, Math.max(length, 1))).join('\\');
}

async function needKey(app: App, place: RegistryPlace) {
  const found = await driverOf(app).read(place);
  if (!found) throw new AppError('not_found', (t) => t.registry.noKey({ path: place.path }));
  return found;
}

async function needFree(app: App, place: RegistryPlace) {
  needWritable(place);
  if (await driverOf(app).read(place)) throw new AppError('conflict', (t) => t.registry.keyThere({ name: nameOf(place.path) }), { field: 'name' });
}

