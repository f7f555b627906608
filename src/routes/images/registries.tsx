import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { addRegistry, changeRegistry, getRegistry, listRegistries, RegistryInput, removeRegistry, testRegistry, type Registry } from '../../core/registries/registries.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone, orList } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { patient } from '../../http/patient.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { RegistryPage, RemoveRegistryPage, TestRegistryPage } from '../../views/images/registries/forms.tsx';
import { RegistriesPage } from '../../views/images/registries/list.tsx';

const LIST = '/images/registries';
const RegistryForm = z.object({ ...RegistryInput.shape, unchecked: z.literal('on').optional() });

/** Sign-ins for registries of images. */
export function registries(app: App) {
  const r = new Hono<Env>();
  const one = (c: Context<Env>) => getRegistry(app, actorOf(c), c.req.param('id') ?? '');

  r.get(LIST, allow('registries.read'), (c) => page(c, <RegistriesPage ui={uiOf(c)} registries={listRegistries(app, actorOf(c))} />));

  r.get(`${LIST}/new`, allow('registries.write'), (c) => page(c, <RegistryPage ui={uiOf(c)} registry={null} {...emptyForm} />));

  const save = async (c: Context<Env>, registry: Registry | null) => {
    const ui = uiOf(c);
    const form = await readForm(c, RegistryForm, ui.t);
    const again = (state: FormState) => page(c, <RegistryPage ui={ui} registry={registry} {...state} />, 422);
    if (!form.ok) return again(form.state);
    const { unchecked, ...input } = form.input;
    patient(c);
    try {
      const saving = { check: unchecked !== 'on' };
      if (registry) await changeRegistry(app, actorOf(c), registry.id, input, saving);
      else await addRegistry(app, actorOf(c), input, saving);
    } catch (error) {
      return again(formRefusal(error, form.state, ui.t));
    }
    return formDone(c, { list: LIST, text: ui.t.registries.saved({ host: input.host }) });
  };

  r.post(LIST, allow('registries.write'), (c) => save(c, null));

  r.get(`${LIST}/:id`, allow('registries.write'), (c) =>
    orList(c, LIST, async () => {
      const registry = one(c);
      const { host, user, note } = registry;
      return page(c, <RegistryPage ui={uiOf(c)} registry={registry} values={{ host, user, note }} errors={{}} />);
    }),
  );

  r.post(`${LIST}/:id`, allow('registries.write'), (c) => save(c, one(c)));

  r.get(`${LIST}/:id/test`, allow('registries.write'), (c) => orList(c, LIST, async () => page(c, <TestRegistryPage ui={uiOf(c)} registry={one(c)} errors={{}} />)));

  r.post(`${LIST}/:id/test`, allow('registries.write'), async (c) => {
    const ui = uiOf(c);
    const registry = one(c);
    patient(c);
    try {
      await testRegistry(app, actorOf(c), registry.id);
    } catch (error) {
      return page(c, <TestRegistryPage ui={ui} registry={registry} errors={formRefusal(error, emptyForm, ui.t).errors} />, 422);
    }
    return formDone(c, { list: LIST, text: ui.t.registries.tested({ host: registry.host }) });
  });

  r.get(`${LIST}/:id/remove`, allow('registries.write'), (c) => orList(c, LIST, async () => page(c, <RemoveRegistryPage ui={uiOf(c)} registry={one(c)} />)));

  r.post(`${LIST}/:id/remove`, allow('registries.write'), (c) => {
    const { id, host } = one(c);
    removeRegistry(app, actorOf(c), id);
    return formDone(c, { list: LIST, text: uiOf(c).t.registries.removed({ host }) });
  });

  return r;
}
