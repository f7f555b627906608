import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../db/open.ts';
import { prepared } from '../../db/prepared.ts';
import { settings } from '../../db/schema/settings.ts';
import { say } from '../../lib/issue.ts';

/** A number of days from a form or from JSON; what is accepted is said in the reader's language. */
function days(min: number, max: number) {
  const message = say(`settings.days.${min}.${max}`, (t) => t.settings.daysRange({ min, max }));
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

function whole(min: number, max: number) {
  const message = say(`settings.whole.${min}.${max}`, (t) => t.settings.wholeRange({ min, max }));
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

/** What the guard listens to. */
export const GUARD_SOURCES = ['sshd', 'rdp', 'panel'] as const;
export type GuardSource = (typeof GUARD_SOURCES)[number];

export const RECORDING_POLICIES = ['off', 'ask', 'always'] as const;

/** How often registries are asked for newer images. */
export const CHECKS = ['off', 'daily', 'weekly'] as const;

const roots = () => z.array(z.string().min(1).max(4096)).max(64);

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
  /** Folders that each role may see in the file manager; "/" is everything. Viewers never change anything there. */
  filesRootsAdmin: roots().default(['/']),
  filesRootsOperator: roots().default([]),
  filesRootsViewer: roots().default([]),
  /** Days until what lies in the trash is deleted for good; 0: never. */
  trashDays: whole(0, 3650).default(30),
  /** Saves of one file that are kept, and MiB that all of them together may take. */
  versionsKept: whole(0, 100).default(20),
  versionsMiB: whole(0, 102_400).default(512),
  /** Hours after its last byte that an unfinished upload is given up. */
  uploadHours: whole(1, 720).default(72),
  /** GiB of the largest file that is uploaded or fetched from a URL; 0: no limit but the disk. */
  uploadGiB: whole(0, 102_400).default(0),
  /** Opt-in: files are fetched from addresses of this machine and of private networks too (S19). */
  fetchPrivate: z.boolean().default(false),
  /** Terminals that one person may have open. */
  terminalsMost: whole(1, 1000).default(64),
  /** 'off': nobody records; 'ask': whoever opened it may; 'always': everything, and nobody stops it. */
  terminalRecording: z.enum(RECORDING_POLICIES, say('settings.recording', (t) => t.settings.terminal.recordingRule)).default('ask'),
  /** Days until a recording is deleted, and MiB that all of them together may take; 0: never, no limit. */
  terminalRecordingDays: whole(0, 3650).default(90),
  terminalRecordingMiB: whole(0, 10_240_000).default(4096),
  /** Hours after which a terminal that nobody looks at and types in is ended; 0: never. */
  terminalIdleHours: whole(0, 8760).default(0),
  /** Id of the container engine that the panel works on; '': the one of this machine. */
  dockerEndpoint: z.string().max(64).default(''),
  /** Opt-in: registries are asked whether containers have newer images; at this hour of the machine, weekly on this day (0 is Sunday). */
  containerChecks: z.enum(CHECKS, say('settings.checks', (t) => t.settings.containers.checksRule)).default('off'),
  containerCheckHour: whole(0, 23).default(4),
  containerCheckDay: whole(0, 6).default(0),
  /** Opt-in: after that, containers that were chosen for it are updated. */
  containerUpdates: z.boolean().default(false),
  /** The last scheduled check, and by which schedule. */
  containerCheckRun: z.object({ plan: z.string(), at: z.number() }).nullable().default(null),
  /** Addresses and networks that are never blocked, by nobody and nothing. */
  neverBlocked: z.array(z.string().max(90)).max(1000).default([]),
  /** Opt-in: whoever fails to sign in too often is not let in for a while. */
  guardOn: z.boolean().default(false),
  guardSources: z.array(z.enum(GUARD_SOURCES)).default([...GUARD_SOURCES]),
  /** So many failures in so many minutes. */
  guardFailures: whole(2, 1000).default(6),
  guardMinutes: whole(1, 1440).default(10),
  /** Minutes of the first ban, the second, …; the last one again and again. */
  guardSteps: z.array(z.number().int().min(1).max(525_600)).min(1).max(10).default([10, 60, 1440, 10_080]),
  /** Seconds until a change that may lock people out reverts by itself. */
  armedSeconds: whole(5, 3600).default(60),
  /** Opt-in: ask the release page once a day whether there is a newer panel. */
  updateCheck: z.boolean().default(false),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Setting<K extends SettingKey> = z.output<(typeof SETTINGS)[K]>;

const byKey = prepared((db) => db.select().from(settings).where(eq(settings.key, sql.placeholder('key'))).prepare());

/** The kept value; what does not fit its schema any more counts as unset. */
export function getSetting<K extends SettingKey>(app: { db: Db }, key: K): Setting<K> {
  const row = byKey(app).get({ key });
  const parsed = SETTINGS[key].safeParse(row?.value);
  return (parsed.success ? parsed.data : SETTINGS[key].parse(undefined)) as Setting<K>;
}

export function putSetting<K extends SettingKey>(app: { db: Db }, key: K, value: Setting<K>) {
  app.db.insert(settings).values({ key, value }).onConflictDoUpdate({ target: settings.key, set: { value } }).run();
}
