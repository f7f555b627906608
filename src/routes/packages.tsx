import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { changePackages, listPackages, PackageName, PackageNames, packagesTask, planPackages, readChangelog, UpgradeInput } from '../core/packages/packages.ts';
import { readRebootPending } from '../core/system/system.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { readBody } from '../http/form.ts';
import { askPlanned, pathPart, sendPlanned, type PlannedForm } from '../http/planned.tsx';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import type { PackageChange } from '../platform/packages.ts';
import { ChangelogPage } from '../views/packages/changelog.tsx';
import { PackagesPage, type PackagesModel } from '../views/packages/page.tsx';
import { systemBack } from '../views/system/frame.tsx';

const PATH = '/system/packages';
const Nothing = z.object({});
/** Ticked boxes come as words of one field. */
const UpgradeForm = z.object({ which: UpgradeInput.shape.which, names: z.string().max(70_000).default('').transform((text) => text.split(' ').filter(Boolean)).pipe(PackageNames) });
const AutomaticForm = z.object({ to: z.enum(['on', 'off']) });

/** What is newer than what the machine has installed. */
export function packages(app: App) {
  const r = new Hono<Env>();
  const windows = () => app.host.packages.tool === 'windows-update';

  r.get(PATH, allow('packages.read'), async (c) => {
    const ui = uiOf(c);
    const { packages: driver } = app.host;
    const model: PackagesModel = { tool: driver.tool, list: null, why: null, refusal: driver.refusal() ? null : driver.changeRefusal(), reboot: await readRebootPending(app).catch(() => null), task: packagesTask(app) };
    try {
      model.list = await listPackages(app, actorOf(c));
    } catch (error) {
      if (!(error instanceof AppError) || !['unsupported', 'unavailable'].includes(error.code)) throw error;
      model.why = { text: error.say(ui.t), detail: error.detail };
    }
    return page(c, <PackagesPage ui={ui} model={model} />);
  });

  const plannedOf = (c: Context<Env>, change: PackageChange, words: { title: string; submit: string; text: string; done?: string }): PlannedForm<typeof Nothing> => ({
    schema: Nothing, title: words.title, submit: words.submit, lead: words.text, back: systemBack(uiOf(c), 'packages'), fields: null,
    plan: () => planPackages(app, actorOf(c), change),
    apply: (_input, seen) => changePackages(app, actorOf(c), change, seen),
    done: () => words.done ?? '',
  });

  const refresh = (c: Context<Env>) => plannedOf(c, { kind: 'refresh' }, { ...uiOf(c).t.packages.asks.refresh, ...(windows() ? { text: uiOf(c).t.packages.asks.refreshWindows } : {}) });
  r.get(`${PATH}/refresh`, allow('packages.write'), (c) => askPlanned(c, refresh(c)));
  r.post(`${PATH}/refresh`, allow('packages.write'), (c) => sendPlanned(c, refresh(c)));

  const repair = (c: Context<Env>) => plannedOf(c, { kind: 'repair' }, uiOf(c).t.packages.asks.repair);
  r.get(`${PATH}/repair`, allow('packages.write'), (c) => askPlanned(c, repair(c)));
  r.post(`${PATH}/repair`, allow('packages.write'), (c) => sendPlanned(c, repair(c)));

  const upgrade = (c: Context<Env>): PlannedForm<typeof UpgradeForm> => {
    const { t } = uiOf(c);
    return {
      schema: UpgradeForm, given: { which: c.req.query('which') ?? 'all' }, title: t.packages.asks.upgrade.title, submit: t.packages.asks.upgrade.submit, lead: windows() ? t.packages.asks.upgradeWindows : t.packages.asks.upgrade.text, back: systemBack(uiOf(c), 'packages'), fields: null,
      plan: (input) => planPackages(app, actorOf(c), { kind: 'upgrade', ...input }),
      apply: (input, seen) => changePackages(app, actorOf(c), { kind: 'upgrade', ...input }, seen),
      done: () => '',
    };
  };
  r.get(`${PATH}/upgrade`, allow('packages.write'), (c) => askPlanned(c, upgrade(c)));
  r.post(`${PATH}/upgrade`, allow('packages.write'), async (c) => {
    const body = await readBody(c, { all: true });
    const words = Object.entries(body).map(([name, value]) => [name, [value].flat().filter((one) => typeof one === 'string').join(' ')] as const);
    return sendPlanned(c, upgrade(c), Object.fromEntries(words));
  });

  const automatic = (c: Context<Env>): PlannedForm<typeof AutomaticForm> => {
    const { t } = uiOf(c);
    const words = t.packages.asks.automatic;
    return {
      schema: AutomaticForm, given: { to: c.req.query('to') ?? 'on' }, title: words.title, submit: words.submit, lead: windows() ? t.packages.asks.automaticWindows : words.text, back: systemBack(uiOf(c), 'packages'), fields: null,
      plan: ({ to }) => planPackages(app, actorOf(c), { kind: 'automatic', to: to === 'on' }),
      apply: ({ to }, seen) => changePackages(app, actorOf(c), { kind: 'automatic', to: to === 'on' }, seen),
      done: () => '',
    };
  };
  r.get(`${PATH}/automatic`, allow('packages.write'), (c) => askPlanned(c, automatic(c)));
  r.post(`${PATH}/automatic`, allow('packages.write'), (c) => sendPlanned(c, automatic(c)));

  /** A name that is an identifier says nothing to people. */
  const titleOf = async (c: Context<Env>, name: string) =>
    windows() ? ((await listPackages(app, actorOf(c))).updates.find((one) => one.name === name)?.title ?? name) : name;

  const hold = async (c: Context<Env>, to: boolean) => {
    const { t } = uiOf(c);
    const name = pathPart(c, 'name', PackageName);
    const words = to ? t.packages.asks.hold : t.packages.asks.unhold;
    const shown = { name: await titleOf(c, name) };
    return plannedOf(c, { kind: 'hold', name, to }, { title: words.title(shown), submit: words.submit, text: words.text, done: words.done(shown) });
  };
  r.get(`${PATH}/:name/hold`, allow('packages.write'), async (c) => askPlanned(c, await hold(c, true)));
  r.post(`${PATH}/:name/hold`, allow('packages.write'), async (c) => sendPlanned(c, await hold(c, true)));
  r.get(`${PATH}/:name/unhold`, allow('packages.write'), async (c) => askPlanned(c, await hold(c, false)));
  r.post(`${PATH}/:name/unhold`, allow('packages.write'), async (c) => sendPlanned(c, await hold(c, false)));

  r.get(`${PATH}/:name/changelog`, allow('packages.read'), async (c) => {
    const name = pathPart(c, 'name', PackageName);
    try {
      const text = await readChangelog(app, actorOf(c), name);
      return page(c, <ChangelogPage ui={uiOf(c)} name={await titleOf(c, name)} text={text} />);
    } catch (error) {
      // Most are fetched from the makers' machine: that it is not reached is an answer.
      if (!(error instanceof AppError) || error.code !== 'unavailable' || error.retryAfter) throw error;
      return page(c, <ChangelogPage ui={uiOf(c)} name={name} text={null} detail={error.detail} />);
    }
  });

  return r;
}
