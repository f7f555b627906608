import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { SERVICE_VERBS, type ServiceDetail, type ServiceLine, type ServiceRow, type ServiceSystem, type ServiceVerb } from '../../platform/services.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { guardOf, type ServiceGuard } from './guard.ts';
import { findService, LINES } from './services.ts';

export const ServiceChange = z.strictObject({
  verb: z.enum(SERVICE_VERBS),
  /** Its name, for those that are guarded. */
  confirm: z.string().max(300).default(''),
});

export interface ChangePlan {
  service: ServiceDetail;
  guard: ServiceGuard | null;
  /** Shown before they run. */
  commands: string[];
  /** Services that run and end with it. */
  along: string[];
  system: ServiceSystem | null;
}

/** What a change would run and take along. @throws AppError denied, not_found, unsupported */
export async function planChange(app: App, actor: Actor, name: string, verb: ServiceVerb): Promise<ChangePlan> {
  need(actor, 'services.write');
  const { services } = app.host;
  const { verbs, system } = await services.about();
  if (!verbs.includes(verb)) throw new AppError('unsupported', (t) => t.services.notHere);
  const service = await findService(app, actor, name);
  const along = verb === 'stop' || verb === 'restart' ? await alongWith(app, service) : [];
  return { service, guard: guardOf(service.row.name, verb, services.own()), commands: services.commands(service.row.name, verb), along, system };
}

async function alongWith(app: App, { dependencies }: ServiceDetail): Promise<string[]> {
  if (dependencies.requiredBy.length === 0) return [];
  const up = new Set((await app.host.services.list()).filter(({ state }) => state !== 'stopped' && state !== 'failed' && state !== 'unknown').map(({ name }) => name));
  return dependencies.requiredBy.filter((name) => up.has(name));
}

/** It did not come up: what it said last is the reason. */
export class ServiceFault extends AppError {
  constructor(readonly row: Pick<ServiceRow, 'name' | 'word'>, readonly lines: readonly ServiceLine[], said: string) {
    const text = [said, ...lines.map(({ from, text }) => (from ? `${from}: ${text}` : text))].filter(Boolean).join('\n');
    super('unavailable', (t) => t.services.failed({ name: row.name }), text ? { detail: text } : {});
  }
}

/** What is known where the tool that tells of services fails, or there is none; other faults stay. */
export const withoutTool = <T>(known: T) => (error: unknown): T => {
  if (error instanceof AppError && (error.code === 'unavailable' || error.code === 'unsupported')) return known;
  throw error;
};

/** One that ends at once says so only after its start was called good. */
const SETTLE_MS = 1200;
const LOOK_MS = 200;

/**
 * Starts, stops or sets up a service.
 * @returns how it is then
 * @throws ServiceFault when it does not come up; AppError denied, not_found, invalid (its name was not typed), conflict (not as it is now), unavailable
 */
export async function changeService(app: App, actor: Actor, name: string, { verb, confirm }: z.output<typeof ServiceChange>): Promise<ServiceRow> {
  const { service, guard, commands } = await planChange(app, actor, name, verb);
  const { row } = service;
  if (!service.verbs.includes(verb)) throw new AppError('conflict', (t) => t.services.notNow({ name: row.name, verb: t.services.does[verb] }));
  if (guard && confirm.trim() !== row.name) throw new AppError('invalid', (t) => t.services.typeName({ name: row.name }), { field: 'confirm' });
  const write = (result: 'ok' | 'failed') => record(app, actor, { action: `services.${verb}`, target: row.name, commands, result });
  if (guard === 'panel' && app.host.kind !== 'fake' && (verb === 'stop' || verb === 'restart')) {
    write('ok');
    endSoon(app, row.name, verb);
    return row;
  }
  try {
    await settled(app, row.name, verb, () => app.host.services.change(row.name, verb));
    write('ok');
  } catch (error) {
    write('failed');
    throw error;
  } finally {
    app.bus.emit('services.changed', {});
  }
  return (await app.host.services.one(row.name))?.row ?? row;
}

/** Whoever asked for it hears that it was taken before the panel ends. */
const ANSWER_MS = 500;

function endSoon(app: App, name: string, verb: ServiceVerb) {
  setTimeout(() => {
    app.host.services.change(name, verb).catch((error: unknown) => app.log.error('the panel could not end itself', { error: error as Error }));
  }, ANSWER_MS);
}

/** Does it, and for a start waits whether it stays up. @throws ServiceFault */
export async function settled(app: App, name: string, verb: ServiceVerb, run: () => Promise<void>): Promise<void> {
  const { services } = app.host;
  const starts = verb === 'start' || verb === 'restart' || verb === 'reload';
  const lines = async () => (await services.log(name, LINES, true).catch(() => null)) ?? [];
  try {
    await run();
  } catch (error) {
    if (!starts || !(error instanceof AppError) || error.code !== 'unavailable') throw error;
    throw new ServiceFault({ name, word: '' }, await lines(), error.detail ?? '');
  }
  if (!starts || app.host.kind === 'fake') return;
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    // Its start was called good; where nothing tells more than that, that is what is known.
    const now = (await services.one(name).catch(withoutTool(null)))?.row;
    if (now && (now.state === 'failed' || now.word === 'auto-restart')) throw new ServiceFault(now, await lines(), '');
    if (performance.now() > until) return;
    await Bun.sleep(LOOK_MS);
  }
}
