import { AppError } from '../../lib/errors.ts';
import type { TimerRow } from '../../platform/services.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';

/** Those that run next stand first, those that never do last. @throws AppError denied, unavailable */
export async function listTimers(app: App, actor: Actor): Promise<TimerRow[]> {
  need(actor, 'services.read');
  const rows = await app.host.services.timers();
  return rows.toSorted((a, b) => (a.next ?? Infinity) - (b.next ?? Infinity) || a.name.localeCompare(b.name));
}

/** @throws AppError denied, not_found, unsupported */
export async function findTimer(app: App, actor: Actor, name: string): Promise<TimerRow> {
  need(actor, 'services.read');
  const row = (await app.host.services.timers()).find((each) => each.name === name);
  if (!row) throw new AppError('not_found', (t) => t.services.gone({ name: name.slice(0, 255) }));
  return row;
}

/** On: from now on and with the machine; off: neither. What it starts goes on if it runs. @throws AppError denied, not_found, unavailable */
export async function changeTimer(app: App, actor: Actor, name: string, on: boolean): Promise<void> {
  need(actor, 'services.write');
  const row = await findTimer(app, actor, name);
  const entry = { action: on ? 'services.timer_on' : 'services.timer_off', target: row.name, commands: app.host.services.timerCommands(row.name, on) };
  try {
    await app.host.services.changeTimer(row.name, on);
    record(app, actor, entry);
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  }
}
