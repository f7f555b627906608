import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { listOverrideVersions, OverrideFault, OverrideText, planOverride, readOverride, readOverrideVersion, writeOverride } from '../../core/services/override.ts';
import { readFiles } from '../../core/services/services.ts';
import { AppError } from '../../lib/errors.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readFields } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { OverridePage, OverrideVersionsPage, ReviewOverridePage, type OverrideModel } from '../../views/services/override.tsx';
import { servicePath } from '../../views/services/paths.ts';

const Query = z.object({ version: z.string().max(64).optional() });
const Edit = z.object({ do: z.enum(['check', 'review', 'apply', 'back']), text: z.string().max(70_000).transform((text) => text.replaceAll('\r\n', '\n')).pipe(OverrideText), hash: z.string().max(64) });

/** Own settings of services: edited, checked, looked at as a change, and written. */
export function overrides(app: App) {
  const r = new Hono<Env>();

  const show = async (c: Context<Env>, text: string | null, more: Partial<Pick<OverrideModel, 'faults' | 'error' | 'version'>> = {}, status: 200 | 409 | 422 = 200) => {
    const actor = actorOf(c);
    const override = await readOverride(app, actor, c.req.param('name')!);
    const base = (await readFiles(app, actor, override.name)).find(({ kind }) => kind === 'unit') ?? null;
    return page(c, <OverridePage ui={uiOf(c)} model={{ override, text: text ?? override.text ?? '', base, faults: null, error: null, version: null, ...more }} />, status);
  };

  r.get('/services/:name/override', allow('services.write'), async (c) => {
    const { version: id } = readQuery(c, Query);
    if (!id) return show(c, null);
    const version = await readOverrideVersion(app, actorOf(c), c.req.param('name'), id);
    return show(c, version.text, { version: uiOf(c).fmt.dateTime(version.at) });
  });

  r.get('/services/:name/override/versions', allow('services.write'), async (c) => {
    const { override, versions } = await listOverrideVersions(app, actorOf(c), c.req.param('name'));
    return page(c, <OverrideVersionsPage ui={uiOf(c)} override={override} versions={versions} now={versions.find(({ sha256 }) => sha256 === override.hash)?.id ?? null} />);
  });

  r.post('/services/:name/override', allow('services.write'), async (c) => {
    const ui = uiOf(c);
    const name = c.req.param('name');
    const { do: what, text, hash } = accept(Edit, await readFields(c), 'body');
    if (what === 'back') return show(c, text);
    try {
      if (what === 'apply') {
        await writeOverride(app, actorOf(c), name, { text, hash });
        return go(c, `${servicePath(name)}?saved=on`);
      }
      const plan = await planOverride(app, actorOf(c), name, text);
      if (plan.override.hash !== hash) return await show(c, text, { error: ui.t.services.override.changedMeanwhile }, 409);
      if (plan.faults.length || what === 'check') return await show(c, text, { faults: plan.faults }, plan.faults.length ? 422 : 200);
      return page(c, <ReviewOverridePage ui={ui} override={plan.override} text={text.trim() && !text.endsWith('\n') ? `${text}\n` : text} commands={plan.commands} />);
    } catch (error) {
      if (error instanceof OverrideFault) return show(c, text, { faults: error.faults }, 422);
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      return show(c, text, { error: error.say(ui.t) }, 409);
    }
  });

  return r;
}
