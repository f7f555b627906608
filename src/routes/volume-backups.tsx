import { statSync } from 'node:fs';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { orMissing } from '../core/docker/ask.ts';
import { readEngine } from '../core/docker/engine.ts';
import { BackupInput, downloadVolume, startBackup } from '../core/volumes/backups/backup.ts';
import { backupsFolder } from '../core/volumes/backups/begun.ts';
import { CloneInput, startClone } from '../core/volumes/backups/clone.ts';
import { ImportInput, importUpload, startImport } from '../core/volumes/backups/import.ts';
import { getBackup, listBackups, openBackup, removeBackup } from '../core/volumes/backups/kept.ts';
import { exchangeRefusal, RestoreInput, startRestore } from '../core/volumes/backups/restore.ts';
import { VolumeName } from '../core/volumes/volume.ts';
import { getVolume, listVolumes } from '../core/volumes/volumes.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { fileResponse } from '../http/file-response.ts';
import { emptyForm, formRefusal, readForm } from '../http/form.ts';
import { accept, readQuery } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { zstdResponse } from '../http/zstd-response.ts';
import { AppError } from '../lib/errors.ts';
import { AllBackupsPage } from '../views/volumes/backups.tsx';
import { BackupPage, ClonePage, ImportPage, RemoveBackupPage, RestorePage } from '../views/volumes/backup-forms.tsx';
import { volumeHref } from '../views/volumes/href.ts';

const Checked = z.literal('on').optional().transform((value) => value === 'on');
const CloneForm = z.object({ ...CloneInput.shape, labels: Checked, options: Checked });
const RestoreForm = z.object({ how: z.enum(['new', 'over']), into: z.string().default(''), confirm: z.string().max(255).default('') });
const ImportForm = z.object(ImportInput.shape);
const Upload = z.object({ name: VolumeName, from: z.string().max(255).default('') });

const ALL = '/volumes/-/backups';

/** Backups of volumes, restoring and cloning. */
export function volumeBackups(app: App) {
  const r = new Hono<Env>();
  const ids = (c: Context<Env>) => [c.req.param('name')!, c.req.param('id')!] as const;

  /** The list that lies open says it; from anywhere else the browser is led to the task. */
  const started = (c: Context<Env>, name: string, task: string, text: string) => {
    const open = URL.parse(c.req.header('hx-current-url') ?? '')?.pathname;
    const list = [ALL, volumeHref(name), '/volumes'].find((path) => path === open) ?? ALL;
    return formDone(c, { list, page: `/tasks/${task}`, task, text });
  };

  r.get(ALL, allow('volumes.read'), async (c) => {
    const backups = await listBackups(app, actorOf(c));
    // Backups are here, whether the engine is or not.
    const there = (await readEngine(app)).up ? await listVolumes(app, actorOf(c)) : [];
    return page(c, <AllBackupsPage ui={uiOf(c)} backups={backups} volumes={new Set(there.map(({ name }) => name))} place={backupsFolder(app)} />);
  });

  r.get(`${ALL}/import`, allow('volumes.write'), (c) => page(c, <ImportPage ui={uiOf(c)} values={{ name: (c.req.query('name') ?? '').slice(0, 255) }} errors={{}} />));

  r.post(`${ALL}/import`, allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, ImportForm, ui.t);
    if (!form.ok) return page(c, <ImportPage ui={ui} {...form.state} />, 422);
    try {
      return c.redirect(`/tasks/${await startImport(app, actorOf(c), form.input)}`, 303);
    } catch (error) {
      // A path that leads nowhere is a field that does not fit.
      const told = error instanceof AppError && error.code === 'not_found' ? new AppError('invalid', error.say, { field: 'path' }) : error;
      return page(c, <ImportPage ui={ui} {...formRefusal(told, form.state, ui.t)} />, 422);
    }
  });

  r.put(`${ALL}/upload`, allow('volumes.write'), async (c) => {
    try {
      const { name, from } = readQuery(c, Upload);
      c.env.server.timeout(c.req.raw, 0);
      const size = Number(c.req.header('content-length'));
      return c.json({ id: await importUpload(app, actorOf(c), name, c.req.raw.body, { size: Number.isFinite(size) ? size : null, from, signal: c.req.raw.signal }) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      return c.json({ error: error.issues?.length ? uiOf(c).t.volumes.badName : error.say(uiOf(c).t) }, error.status);
    }
  });

  r.get('/volumes/:name/contents', allow('volumes.write'), async (c) => zstdResponse(c, await downloadVolume(app, actorOf(c), c.req.param('name'), c.req.raw.signal)));

  r.get('/volumes/:name/backup', allow('volumes.write'), async (c) => page(c, <BackupPage ui={uiOf(c)} volume={await getVolume(app, actorOf(c), c.req.param('name'))} {...emptyForm} />));

  r.post('/volumes/:name/backup', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const name = c.req.param('name');
    const form = await readForm(c, z.object(BackupInput.shape), ui.t);
    if (!form.ok) return page(c, <BackupPage ui={ui} volume={await getVolume(app, actorOf(c), name)} {...form.state} />, 422);
    try {
      return started(c, name, await startBackup(app, actorOf(c), name, form.input), ui.t.volumeBackups.backupStarted({ name }));
    } catch (error) {
      return page(c, <BackupPage ui={ui} volume={await getVolume(app, actorOf(c), name)} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  r.get('/volumes/:name/clone', allow('volumes.write'), async (c) => page(c, <ClonePage ui={uiOf(c)} volume={await getVolume(app, actorOf(c), c.req.param('name'))} {...emptyForm} />));

  r.post('/volumes/:name/clone', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const name = c.req.param('name');
    const form = await readForm(c, CloneForm, ui.t);
    if (!form.ok) return page(c, <ClonePage ui={ui} volume={await getVolume(app, actorOf(c), name)} {...form.state} />, 422);
    try {
      return started(c, name, await startClone(app, actorOf(c), name, form.input), ui.t.volumeBackups.cloneStarted({ name, to: form.input.name }));
    } catch (error) {
      return page(c, <ClonePage ui={ui} volume={await getVolume(app, actorOf(c), name)} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  r.get('/volumes/:name/backups/:id/download', allow('volumes.write'), async (c) => {
    const { path, name } = await openBackup(app, actorOf(c), ...ids(c));
    return fileResponse(c, { at: path, real: path, stats: statSync(path), close: async () => {} }, { name });
  });

  const restorePage = async (c: Context<Env>, state: typeof emptyForm, status: 200 | 422 = 200) => {
    const backup = await getBackup(app, actorOf(c), ...ids(c));
    const ui = uiOf(c);
    // What is in a backup is here, whether the engine answers or not; only then nobody knows what else there is.
    const there = await orMissing(getVolume(app, actorOf(c), backup.volume));
    return page(c, <RestorePage ui={ui} backup={backup} there={there} refusal={there && (exchangeRefusal(app, there)?.say(ui.t) ?? null)} {...state} />, status);
  };

  r.get('/volumes/:name/backups/:id/restore', allow('volumes.write'), (c) => restorePage(c, emptyForm));

  r.post('/volumes/:name/backups/:id/restore', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const [name, id] = ids(c);
    const form = await readForm(c, RestoreForm, ui.t);
    if (!form.ok) return restorePage(c, form.state, 422);
    const { how, confirm } = form.input;
    const into = VolumeName.safeParse(how === 'over' ? name : form.input.into);
    if (!into.success) return restorePage(c, { ...form.state, errors: { into: ui.t.volumes.badName } }, 422);
    try {
      const task = await startRestore(app, actorOf(c), name, id, accept(RestoreInput, { into: into.data, over: how === 'over', confirm }, 'body'));
      return started(c, name, task, ui.t.volumeBackups.restoreStarted({ name: into.data }));
    } catch (error) {
      const told = error instanceof AppError && error.code === 'unsupported' ? new AppError('invalid', error.say) : error;
      return restorePage(c, formRefusal(told, form.state, ui.t), 422);
    }
  });

  r.get('/volumes/:name/backups/:id/remove', allow('volumes.write'), async (c) => page(c, <RemoveBackupPage ui={uiOf(c)} backup={await getBackup(app, actorOf(c), ...ids(c))} errors={{}} />));

  r.post('/volumes/:name/backups/:id/remove', allow('volumes.write'), async (c) => {
    const [name, id] = ids(c);
    await removeBackup(app, actorOf(c), name, id);
    const open = URL.parse(c.req.header('hx-current-url') ?? '')?.pathname;
    return formDone(c, { list: open === volumeHref(name) ? volumeHref(name) : ALL, text: uiOf(c).t.volumeBackups.removed });
  });

  return r;
}
