import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { normalPath } from '../files/paths.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { getSetting, putSetting, SETTINGS, type Setting, type SettingKey } from './settings.ts';
import { transaction } from '../../db/transaction.ts';

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

const terminalFields = {
  terminalsMost: S.terminalsMost.unwrap().meta({ description: '#terminalsMost' }),
  terminalRecording: S.terminalRecording.unwrap().meta({ description: '#terminalRecording' }),
  terminalRecordingDays: S.terminalRecordingDays.unwrap().meta({ description: '#terminalRecordingDays' }),
  terminalRecordingMiB: S.terminalRecordingMiB.unwrap().meta({ description: '#terminalRecordingMiB' }),
  terminalIdleHours: S.terminalIdleHours.unwrap().meta({ description: '#terminalIdleHours' }),
};

export const TerminalForm = z.object(terminalFields);

/** A text with a path on each line. */
const lines = (schema: typeof S.filesRootsAdmin) =>
  z.string().transform((text) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)).pipe(schema.unwrap());

const filesNumbers = {
  trashDays: S.trashDays.unwrap().meta({ description: '#trashDays' }),
  versionsKept: S.versionsKept.unwrap().meta({ description: '#versionsKept' }),
  versionsMiB: S.versionsMiB.unwrap().meta({ description: '#versionsMiB' }),
  uploadHours: S.uploadHours.unwrap().meta({ description: '#uploadHours' }),
  uploadGiB: S.uploadGiB.unwrap().meta({ description: '#uploadGiB' }),
};

/** Numbers come as text; paths one on each line. */
export const FilesForm = z.object({
  filesRootsAdmin: lines(S.filesRootsAdmin), filesRootsOperator: lines(S.filesRootsOperator), filesRootsViewer: lines(S.filesRootsViewer), ...filesNumbers,
  fetchPrivate: z.literal('on').optional().transform((value) => value === 'on'),
});

const ROOTS = ['filesRootsAdmin', 'filesRootsOperator', 'filesRootsViewer'] as const;

const checkFields = {
  containerChecks: S.containerChecks.unwrap().meta({ description: '#containerChecks' }),
  containerCheckHour: S.containerCheckHour.unwrap().meta({ description: '#containerCheckHour' }),
  containerCheckDay: S.containerCheckDay.unwrap().meta({ description: '#containerCheckDay' }),
};

export const ContainersForm = z.object({ ...checkFields, containerUpdates: z.literal('on').optional().transform((value) => value === 'on') });

/** A box that is not ticked sends nothing. */
export const UpdatesForm = z.object({ updateCheck: z.literal('on').optional().transform((value) => value === 'on') });

export const ArmedForm = z.object({ armedSeconds: S.armedSeconds.unwrap().meta({ description: '#armedSeconds' }) });

/** What the API may read and change. */
export const SettingsBody = z.object({
  ...HistoryForm.shape, ...RetentionForm.shape, ...filesNumbers, ...terminalFields, ...checkFields, ...ArmedForm.shape,
  containerUpdates: S.containerUpdates.unwrap().meta({ description: '#containerUpdates' }),
  filesRootsAdmin: S.filesRootsAdmin.unwrap().meta({ description: '#filesRootsAdmin' }),
  filesRootsOperator: S.filesRootsOperator.unwrap().meta({ description: '#filesRootsOperator' }),
  filesRootsViewer: S.filesRootsViewer.unwrap().meta({ description: '#filesRootsViewer' }),
  fetchPrivate: S.fetchPrivate.unwrap().meta({ description: '#fetchPrivate' }),
  updateCheck: S.updateCheck.unwrap().meta({ description: '#updateCheck' }),
}).meta({ id: 'Settings' });

export type SettingsValues = z.output<typeof SettingsBody>;

const KEYS = Object.keys(SettingsBody.shape) as (keyof SettingsValues)[];

export function readSettings(app: App, actor: Actor): SettingsValues {
  need(actor, 'settings.read');
  return Object.fromEntries(KEYS.map((key) => [key, getSetting(app, key)])) as SettingsValues;
}

export type SettingsChange = { [K in keyof SettingsValues]?: SettingsValues[K] | undefined };

/**
 * Saves what is given and differs; one entry of the audit log says what it was and what it is.
 * @throws AppError invalid for a root that is no absolute path of this machine
 */
export function changeSettings(app: App, actor: Actor, wanted: SettingsChange) {
  need(actor, 'settings.write');
  const change = withRoots(app, wanted);
  const given = KEYS.filter((key) => change[key] !== undefined && !Bun.deepEquals(change[key], getSetting(app, key)));
  if (given.length === 0) return;
  const pick = (read: (key: SettingKey) => unknown) => Object.fromEntries(given.map((key) => [key, read(key)]));
  const before = pick((key) => getSetting(app, key));
  const after = pick((key) => change[key as keyof SettingsValues]);
  transaction(app.db, () => {
    for (const key of given) putSetting(app, key, change[key] as Setting<typeof key>);
    record(app, actor, { action: 'settings.change', target: given.join(', '), params: { before, after } });
  });
}

/** Roots in the one spelling of paths, each once: “/srv/” and “/srv” are the same folder. */
function withRoots(app: App, wanted: SettingsChange): SettingsChange {
  const change = { ...wanted };
  for (const key of ROOTS) {
    const roots = wanted[key];
    if (roots) change[key] = [...new Set(roots.map((root) => rootPath(app, key, root)))];
  }
  return change;
}

function rootPath(app: App, field: string, root: string): string {
  try {
    return normalPath(app.host.files.kind, root);
  } catch (cause) {
    throw new AppError('invalid', (t) => t.settings.files.badRoot({ path: root }), { field, cause });
  }
}
