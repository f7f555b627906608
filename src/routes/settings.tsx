import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import type { Actor, App } from '../core/app.ts';
import { databaseSize } from '../core/maintenance/database.ts';
import { diagnosticsArchive } from '../core/maintenance/diagnostics.ts';
import { MAINTENANCE, startMaintenance, type MaintenanceKind } from '../core/maintenance/maintenance.ts';
import { chooseNames, listNames } from '../core/metrics/choice.ts';
import { ArmedForm, changeSettings, ContainersForm, FilesForm, HistoryForm, readSettings, RetentionForm, TerminalForm, UpdatesForm, type SettingsValues } from '../core/settings/change.ts';
import { getTask } from '../core/tasks/tasks.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { formRefusal, readBody, readFields, readForm } from '../http/form.ts';
import { changed, go, isHtmx, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import { hostPort } from '../lib/host-port.ts';
import type { SettingsFormState } from '../views/settings/form.tsx';
import { ContainersSettings } from '../views/settings/containers.tsx';
import { FilesSettings } from '../views/settings/files.tsx';
import { ArmedSettings, HistorySettings, RetentionSettings, UpdateSettings } from '../views/settings/groups.tsx';
import { PURGE_WORD } from '../views/settings/maintenance.tsx';
import { SettingsPage, type SettingsModel } from '../views/settings/page.tsx';
import { TerminalSettings } from '../views/settings/terminal.tsx';
import { ShownSettings, shownFields } from '../views/settings/shown.tsx';
import { fieldsOf, SavedToast } from '../views/settings/undo.tsx';
import type { Ui } from '../views/ui.ts';

type Group = (props: { ui: Ui; values: SettingsValues; state?: SettingsFormState }) => ReturnType<typeof HistorySettings>;

export function settings(app: App) {
  const r = new Hono<Env>();

  r.get('/settings', allow('settings.read'), (c) => page(c, <SettingsPage ui={uiOf(c)} model={modelOf(app, actorOf(c))} />));

  r.post('/settings/history', allow('settings.write'), (c) => save(app, c, 'history', HistoryForm, HistorySettings));
  r.post('/settings/retention', allow('settings.write'), (c) => save(app, c, 'retention', RetentionForm, RetentionSettings));
  r.post('/settings/files', allow('settings.write'), (c) => save(app, c, 'files', FilesForm, FilesSettings));
  r.post('/settings/terminal', allow('settings.write'), (c) => save(app, c, 'terminal', TerminalForm, TerminalSettings));
  r.post('/settings/containers', allow('settings.write'), (c) => save(app, c, 'containers', ContainersForm, ContainersSettings));
  r.post('/settings/armed-changes', allow('settings.write'), (c) => save(app, c, 'armed-changes', ArmedForm, ArmedSettings));
  r.post('/settings/updates', allow('settings.write'), (c) => save(app, c, 'updates', UpdatesForm, (props) => <UpdateSettings {...props} url={app.config.releaseUrl} />));

  r.post('/settings/shown', allow('settings.write'), async (c) => {
    const body = await readBody(c, { all: true });
    const picked = (name: string) => [body[name] ?? []].flat().filter((value): value is string => typeof value === 'string' && value.length <= 1024).slice(0, 256);
    const before = shownFields(listNames(app));
    chooseNames(app, actorOf(c), { interfaces: picked('interfaces'), disks: picked('disks'), mounts: picked('mounts') });
    const ui = uiOf(c);
    return changed(c, '/settings#shown', <ShownSettings ui={ui} names={listNames(app)} />, <SavedToast ui={ui} id="shown" before={before} />);
  });

  r.post('/settings/maintenance/:kind', allow('settings.write'), async (c) => {
    const kind = MAINTENANCE.find((one) => one === c.req.param('kind'));
    if (!kind) throw new AppError('not_found', (t) => t.errors.notFound);
    await confirmed(c, kind);
    return go(c, `/tasks/${startMaintenance(app, actorOf(c), kind)}`);
  });

  r.get('/settings/diagnostics/:id', allow('settings.read'), (c) => {
    const { id } = getTask(app, actorOf(c), c.req.param('id'));
    const path = diagnosticsArchive(app, id);
    if (!path) throw new AppError('not_found', (t) => t.errors.notFound);
    const name = `mantou-diagnostics-${id.slice(0, 8)}.tar.gz`;
    return new Response(Bun.file(path), { headers: { 'content-type': 'application/gzip', 'content-disposition': `attachment; filename="${name}"` } });
  });

  return r;
}

function modelOf(app: App, actor: Actor): SettingsModel {
  const { host, port, dataDir, trustedProxies, allowedHosts, demo, portable } = app.config;
  const configFile = join(dataDir, 'config.toml');
  return {
    values: readSettings(app, actor),
    names: listNames(app),
    size: databaseSize(app),
    kinds: MAINTENANCE,
    releaseUrl: app.config.releaseUrl,
    started: {
      address: hostPort({ address: host, port }), tls: app.panel.tls, certificate: app.panel.certificate(), dataDir, configFile,
      configured: existsSync(configFile), proxies: trustedProxies, hosts: allowedHosts, demo, portable, since: app.panel.startedAt,
    },
  };
}

/** A group of settings from its form: saved and drawn again, or drawn with what is wrong. */
async function save(app: App, c: Context<Env>, id: string, schema: z.ZodType<Partial<SettingsValues>>, Show: Group) {
  const ui = uiOf(c);
  const actor = actorOf(c);
  const form = await readForm(c, schema, ui.t);
  const again = (state: SettingsFormState) => {
    const section = <Show ui={ui} values={readSettings(app, actor)} state={state} />;
    // Without htmx the way back is the browser's own: the fields still hold what was typed.
    if (!isHtmx(c)) throw new AppError('invalid', () => Object.values(state.errors).join('\n'));
    return c.html(String(section), 422);
  };
  if (!form.ok) return again(form.state);
  const kept = readSettings(app, actor);
  const before = Object.fromEntries(Object.keys(form.input).map((key) => [key, kept[key as keyof SettingsValues]]));
  try {
    changeSettings(app, actor, form.input);
  } catch (error) {
    return again(formRefusal(error, form.state, ui.t));
  }
  return changed(c, `/settings#${id}`, <Show ui={ui} values={readSettings(app, actor)} />, <SavedToast ui={ui} id={id} before={fieldsOf(before)} />);
}

/** The word that arms the button is checked here as well: a script may post without the dialog. */
async function confirmed(c: Context<Env>, kind: MaintenanceKind) {
  if (kind !== 'history.purge') return;
  const { confirm } = await readFields(c);
  if (confirm?.trim() !== PURGE_WORD) throw new AppError('invalid', (t) => t.settings.maintenance.purgeConfirm({ word: PURGE_WORD }), { field: 'confirm' });
}
