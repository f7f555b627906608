import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { readEngine } from '../core/docker/engine.ts';
import { PairLines } from '../core/docker/pairs.ts';
import { listBackups } from '../core/volumes/backups/kept.ts';
import { knownSizes, measureVolumes } from '../core/volumes/sizes.ts';
import { volumesHere } from '../core/volumes/here.ts';
import { createVolume, getVolume, isUsed, listVolumes, NewVolume, pruneVolumes, removeVolume, VolumeFilter } from '../core/volumes/volumes.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone, orList } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { emptyForm, formRefusal, readBody, readForm } from '../http/form.ts';
import { accept, readQuery } from '../http/list.ts';
import { patient } from '../http/patient.ts';
import { page, trigger } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { NewVolumePage, RemoveVolumePage } from '../views/volumes/forms.tsx';
import { VolumesPage } from '../views/volumes/list.tsx';
import { PruneVolumesPage } from '../views/volumes/prune.tsx';
import { VolumePage } from '../views/volumes/volume.tsx';

const Sizes = z.object({ sizes: z.literal('on').optional() });
const ListQuery = VolumeFilter.extend(Sizes.shape);
const NewForm = z.object({ name: NewVolume.shape.name, driver: NewVolume.shape.driver, options: PairLines, labels: PairLines });
const PruneForm = z.object({ typed: z.preprocess((value) => [value ?? []].flat(), z.array(z.string().max(255)).max(5000)) });

/** What a volume is called may be any word: pages that are no volume stand below `/volumes/-`, which is none. */
export function volumes(app: App) {
  const r = new Hono<Env>();

  const measure = (c: Context<Env>) => {
    patient(c);
    return measureVolumes(app, actorOf(c));
  };
  /** Measured when the page asks for it, and before it reads anything that would be old by then; else what is known. */
  const known = async (c: Context<Env>) => {
    if (readQuery(c, Sizes).sizes) await measure(c);
    return knownSizes(app);
  };

  r.get('/volumes', allow('volumes.read'), async (c) => {
    const query = readQuery(c, ListQuery);
    const engine = await readEngine(app);
    const sizes = engine.up ? await known(c) : knownSizes(app);
    const all = engine.up ? await listVolumes(app, actorOf(c), { q: query.q }) : [];
    const used = all.filter(isUsed);
    const shown = query.show ? all.filter((one) => isUsed(one) === (query.show === 'used')) : all;
    const counts = { all: all.length, used: used.length, unused: all.length - used.length };
    return page(c, <VolumesPage ui={uiOf(c)} model={{ engine, query, shown, counts, here: volumesHere(app, actorOf(c), shown), known: sizes }} />);
  });

  r.get('/volumes/-/new', allow('volumes.write'), (c) => page(c, <NewVolumePage ui={uiOf(c)} {...emptyForm} />));

  r.post('/volumes', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, NewForm, ui.t);
    if (!form.ok) return page(c, <NewVolumePage ui={ui} {...form.state} />, 422);
    // A driver that is not there is waited for.
    patient(c);
    try {
      const { name } = await createVolume(app, actorOf(c), form.input);
      return formDone(c, { list: '/volumes', text: ui.t.volumes.createdIt({ name }) });
    } catch (error) {
      return page(c, <NewVolumePage ui={ui} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  /** For a page that stands: it asks for itself again then, as other words may narrow it by now. */
  r.get('/volumes/-/sizes', allow('volumes.read'), async (c) => {
    await measure(c);
    trigger(c, { 'containers-changed': {} });
    return c.body(null, 204);
  });

  r.get('/volumes/-/prune', allow('volumes.write'), async (c) => {
    const sizes = await known(c);
    const unused = await listVolumes(app, actorOf(c), { show: 'unused' });
    return page(c, <PruneVolumesPage ui={uiOf(c)} volumes={unused} known={sizes} here={volumesHere(app, actorOf(c), unused)} typed={[]} errors={{}} />);
  });

  r.post('/volumes/-/prune', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const { typed } = accept(PruneForm, await readBody(c, { all: true }), 'body');
    patient(c);
    const again = async (errors: Record<string, string>) => {
      const unused = await listVolumes(app, actorOf(c), { show: 'unused' });
      return page(c, <PruneVolumesPage ui={ui} volumes={unused} known={knownSizes(app)} here={volumesHere(app, actorOf(c), unused)} typed={typed} errors={errors} />, 422);
    };
    try {
      const failed = (await pruneVolumes(app, actorOf(c), typed)).filter(({ error }) => error !== null);
      if (failed.length === 0) return c.redirect('/volumes', 303);
      return await again({ '': failed.map(({ name, error }) => `${name}: ${error!.say(ui.t)}`).join('\n') });
    } catch (error) {
      return again({ '': Object.values(formRefusal(error, emptyForm, ui.t).errors)[0] ?? '' });
    }
  });

  r.get('/volumes/:name', allow('volumes.read'), (c) => orList(c, '/volumes', async () => {
    const sizes = await known(c);
    const volume = await getVolume(app, actorOf(c), c.req.param('name'));
    return page(c, <VolumePage ui={uiOf(c)} volume={volume} backups={await listBackups(app, actorOf(c), volume.name)} known={sizes} here={volumesHere(app, actorOf(c), [volume])} />);
  }));

  r.get('/volumes/:name/remove', allow('volumes.write'), async (c) => page(c, <RemoveVolumePage ui={uiOf(c)} volume={await getVolume(app, actorOf(c), c.req.param('name'))} errors={{}} />));

  r.post('/volumes/:name/remove', allow('volumes.write'), async (c) => {
    const ui = uiOf(c);
    const name = c.req.param('name');
    patient(c);
    try {
      await removeVolume(app, actorOf(c), name);
      return formDone(c, { list: '/volumes', text: ui.t.volumes.removed({ name }) });
    } catch (error) {
      const { errors } = formRefusal(error, emptyForm, ui.t);
      return page(c, <RemoveVolumePage ui={ui} volume={await getVolume(app, actorOf(c), name)} errors={errors} />, 422);
    }
  });

  return r;
}
