import { z } from 'zod';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { getSetting, putSetting, SETTINGS, type Setting, type SettingKey } from './settings.ts';

const S = SETTINGS;

/** Groups that the page saves one at a time; the API takes any of their fields. */
export const HistoryForm = z.object({
  historyDays10s: S.historyDays10s.unwrap().meta({ description: '#historyDays10s' }),
  historyDays1m: S.historyDays1m.unwrap().meta({ description: '#historyDays1m' }),
  historyDays15m: S.historyDays15m.unwrap().meta({ description: '#historyDays15m' }),
});

export const RetentionForm = z.object({
  auditDays: S.auditDays.unwrap().meta({ description: '#auditDays' }),
  taskDays: S.taskDays.unwrap().meta({ description: '#taskDays' }),
});

/** A box that is not ticked sends nothing. */
export const UpdatesForm = z.object({ updateCheck: z.literal('on').optional().transform((value) => value === 'on') });

/** What the API may read and change. */
export const SettingsBody = z.object({ ...HistoryForm.shape, ...RetentionForm.shape, updateCheck: S.updateCheck.unwrap().meta({ description: '#updateCheck' }) }).meta({ id: 'Settings' });

export type SettingsValues = z.output<typeof SettingsBody>;

const KEYS = Object.keys(SettingsBody.shape) as (keyof SettingsValues)[];

export function readSettings(app: App, actor: Actor): SettingsValues {
  need(actor, 'settings.read');
  return Object.fromEntries(KEYS.map((key) => [key, getSetting(app, key)])) as SettingsValues;
}

/** Saves what is given and differs; one entry of the audit log says what it was and what it is. */
export function changeSettings(app: App, actor: Actor, change: { [K in keyof SettingsValues]?: SettingsValues[K] | undefined }) {
  need(actor, 'settings.write');
  const given = KEYS.filter((key) => change[key] !== undefined && change[key] !== getSetting(app, key));
  if (given.length === 0) return;
  const pick = (read: (key: SettingKey) => unknown) => Object.fromEntries(given.map((key) => [key, read(key)]));
  const before = pick((key) => getSetting(app, key));
  const after = pick((key) => change[key as keyof SettingsValues]);
  app.db.transaction(() => {
    for (const key of given) putSetting(app, key, change[key] as Setting<typeof key>);
    record(app, actor, { action: 'settings.change', target: given.join(', '), params: { before, after } });
  });
}
