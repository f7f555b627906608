import { AppError, type Say } from '../../lib/errors.ts';
import type { PackageChange } from '../../platform/packages.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { followed, KEY } from './packages.ts';

/** What the panel installs for a page that needs it, from the distribution's own packages. */
export interface Installation {
  /** By the tool that is here. "a | b", of apt alone: the first of them that the distribution has. */
  names: { apt: readonly string[]; dnf: readonly string[] };
  /** Runs from then on, and after each boot. */
  service?: string;
}

interface Asked {
  /** Of the task and of the audit log: "firewall.install". */
  action: string;
  target: string;
  params?: Record<string, string>;
  /** Where nothing can be installed here. */
  refusal: Say;
  /** What this panel does when it is there; one that takes the task over finds it by itself. */
  after?(): Promise<unknown> | void;
  failed?(task: TaskContext): Promise<void>;
}

/** null: nothing can be installed here. */
export function installChange({ host: { packages } }: Pick<App, 'host'>, { names, service }: Installation): PackageChange | null {
  const { tool } = packages;
  if ((tool !== 'apt' && tool !== 'dnf') || packages.refusal() || packages.changeRefusal()) return null;
  return { kind: 'install', names: names[tool], ...(service === undefined ? {} : { service }) };
}

/** What will run; null: nothing can be installed here. */
export async function installCommands(app: Pick<App, 'host'>, installation: Installation): Promise<string[] | null> {
  const change = installChange(app, installation);
  return change && (await app.host.packages.plan(change)).commands;
}

/** Whoever calls it has asked for the right. @returns the task. @throws AppError unsupported; conflict while anything is being installed */
export async function installPackages(app: App, actor: Actor, installation: Installation, { action, target, params = {}, refusal, after, failed }: Asked): Promise<string> {
  const change = installChange(app, installation);
  if (!change) throw new AppError('unsupported', refusal);
  const { commands } = await app.host.packages.plan(change);
  const id = app.tasks.start(actor, {
    kind: action, key: KEY, params, steps: ['packages'],
    async run(task) {
      task.step('packages');
      for (const command of commands) task.log(`$ ${command}`);
      try {
        await followed(app, task, (run) => app.host.packages.run(change, run));
      } catch (error) {
        if (!task.signal.aborted) await failed?.(task);
        throw error;
      }
      await after?.();
    },
  });
  record(app, actor, { action, target, params: { task: id }, commands });
  return id;
}
