import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../db/open.ts';
import { settings } from '../../db/schema/settings.ts';
import { say } from '../../lib/issue.ts';

/** A number of days from a form or from JSON; what is accepted is said in the reader's language. */
function days(min: number, max: number) {
  const message = say(`settings.days.${min}.${max}`, (t) => t.settings.daysRange({ min, max }));
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

/** Every setting that is kept in the database: its schema carries its bounds and its default. */
export const SETTINGS = {
  /** Days that 10 s, 1 min and 15 min samples are kept. */
  historyDays10s: days(1, 7).default(1),
  historyDays1m: days(1, 90).default(14),
  historyDays15m: days(30, 1095).default(365),
  auditDays: days(30, 3650).default(365),
  taskDays: days(1, 365).default(30),
  /** Interfaces and devices that the sums leave out. */
  hiddenInterfaces: z.array(z.string().max(64)).max(256).default([]),
  hiddenDisks: z.array(z.string().max(64)).max(256).default([]),
  /** Those that count although the rules in metrics/choice.ts leave them out. */
  shownInterfaces: z.array(z.string().max(64)).max(256).default([]),
  shownDisks: z.array(z.string().max(64)).max(256).default([]),
  hiddenMounts: z.array(z.string().max(1024)).max(256).default([]),
  /** Opt-in: ask the release page once a day whether there is a newer panel. */
  updateCheck: z.boolean().default(false),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Setting<K extends SettingKey> = z.output<(typeof SETTINGS)[K]>;

/** The kept value; what does not fit its schema any more counts as unset. */
export function getSetting<K extends SettingKey>(app: { db: Db }, key: K): Setting<K> {
  const row = app.db.select().from(settings).where(eq(settings.key, key)).get();
  const parsed = SETTINGS[key].safeParse(row?.value);
  return (parsed.success ? parsed.data : SETTINGS[key].parse(undefined)) as Setting<K>;
}

export function putSetting<K extends SettingKey>(app: { db: Db }, key: K, value: Setting<K>) {
  app.db.insert(settings).values({ key, value }).onConflictDoUpdate({ target: settings.key, set: { value } }).run();
}
