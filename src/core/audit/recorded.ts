import type { Actor, App } from '../app.ts';
import { record, type AuditEntry } from './audit.ts';

/** A change that fails, maybe half-way, is in the log as one that failed. @throws what the work throws */
export async function recorded(app: App, actor: Actor, entry: AuditEntry, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  }
  record(app, actor, entry);
}
