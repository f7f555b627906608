import { blanks, prepared } from '../../db/prepared.ts';
import { audit } from '../../db/schema/audit.ts';
import { actorName, type Actor, type App } from '../app.ts';

export interface AuditEntry {
  /** "noun.verb": "users.create", "sign_in.password", "power.reboot". Its text is i18n `audit.actions`. */
  action: string;
  /** What it was done to: a name that people know. */
  target?: string;
  result?: 'ok' | 'refused' | 'failed';
  /** Further facts; never a secret. */
  params?: Record<string, unknown>;
  /** Commands that ran on the machine. */
  commands?: string[];
}

const add = prepared((db) =>
  db.insert(audit).values(blanks('at', 'actor', 'userId', 'ip', 'action', 'target', 'result', 'params', 'commands')).prepare(),
);

/** Writes who did what, on what, from where, with which result. Every change and every sign-in calls this. */
export function record(app: Pick<App, 'db' | 'clock'>, actor: Actor, entry: AuditEntry) {
  add(app).run({
    at: app.clock.now(),
    actor: actorName(actor),
    userId: actor.kind === 'user' ? actor.userId : null,
    ip: actor.ip,
    action: entry.action,
    target: entry.target ?? '',
    result: entry.result ?? 'ok',
    params: entry.params ?? {},
    commands: entry.commands ?? [],
  });
}
