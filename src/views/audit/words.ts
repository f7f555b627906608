import type { AuditRow } from '../../core/audit/list.ts';
import type { Messages } from '../../i18n/en.ts';
import type { State } from '../parts/mark.tsx';

/** "Cancel a task"; an action of another version is shown as it is kept. */
export const actionText = (t: Messages, action: string) => (t.audit.actions as Record<string, string>)[action] ?? action;

export const groupText = (t: Messages, group: string) => t.audit.groups[group] ?? group;

const RESULT_DOTS: Record<AuditRow['result'], State> = { ok: 'ok', refused: 'warn', failed: 'fail' };

/** Id of the task that does it; null: it was done at once. */
export const taskOf = ({ params }: Pick<AuditRow, 'params'>): string | null => (typeof params.task === 'string' ? params.task : null);

/** What a task does has only been started when it is written down. */
export function resultOf(t: Messages, row: Pick<AuditRow, 'result' | 'params'>): { text: string; dot: State } {
  return row.result === 'ok' && taskOf(row) ? { text: t.audit.started, dot: 'off' } : { text: t.audit.results[row.result], dot: RESULT_DOTS[row.result] };
}
