import type { Schedule } from '../../../core/containers/updates/schedule.ts';
import type { ContainerUpdate } from '../../../core/containers/updates/updates.ts';
import type { UpdateState } from '../../../core/containers/updates/state.ts';
import type { State } from '../../parts/mark.tsx';
import type { Ui } from '../../ui.ts';

export const UPDATE_DOTS: Record<UpdateState, State> = { newer: 'busy', current: 'ok', skipped: 'off', unknown: 'off' };

/** `4` → "04:00": as it stands on a clock, in every language. */
export const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** 0 is Sunday. */
export const dayText = (lang: string, day: number) => new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day));

export function scheduleText(ui: Ui, schedule: Schedule | null): string {
  const t = ui.t.containerUpdates.schedules;
  if (!schedule) return t.off;
  const hour = hourText(schedule.hour);
  return schedule.every === 'daily' ? t.daily({ hour }) : t.weekly({ day: dayText(ui.lang, schedule.day), hour });
}

/** Why it is not known, or was not asked again. */
export function whyText(ui: Ui, { state, why }: Pick<ContainerUpdate, 'state' | 'why'>): string {
  const t = ui.t.containerUpdates;
  if (why === null) return '';
  return state === 'unknown' ? t.why[why] : t.older({ why: t.why[why] });
}
