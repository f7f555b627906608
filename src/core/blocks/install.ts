import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { tendBlocks } from './apply.ts';

const MINUTES = 60_000;

/** Installs what blocks addresses; what was to be blocked before is dropped at once. @returns the task. @throws AppError denied, unsupported, conflict while it runs */
export function installBlocksTool(app: App, actor: Actor): string {
  need(actor, 'blocks.write');
  const commands = app.host.blocks.installs();
  if (!commands) throw new AppError('unsupported', (t) => t.blocks.refusals.noTool);
  const id = app.tasks.start(actor, {
    kind: 'blocks.install', key: 'blocks.install', steps: ['packages'],
    async run(task) {
      task.step('packages');
      await app.scripts.run('blocks.sh', ['packages'], { signal: task.signal, timeout: 15 * MINUTES, onOutput: (text) => task.log(text) });
      await tendBlocks(app);
    },
  });
  record(app, actor, { action: 'blocks.install', target: app.host.blocks.tool, params: { task: id }, commands });
  return id;
}
