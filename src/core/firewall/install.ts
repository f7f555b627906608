import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';

const MINUTES = 60_000;

export const InstallInput = z.strictObject({ provider: z.enum(['ufw', 'nftables']) });

/** From the distribution's packages; it filters nothing before it is enabled. @returns the task. @throws AppError denied, unsupported, conflict while it runs */
export function installFirewall(app: App, actor: Actor, { provider }: z.output<typeof InstallInput>): string {
  need(actor, 'firewall.write');
  const offer = app.host.firewall.installable().find((one) => one.provider === provider);
  if (!offer) throw new AppError('unsupported', (t) => t.firewall.noOffer);
  const id = app.tasks.start(actor, {
    kind: 'firewall.install', key: 'firewall.install', params: { provider }, steps: ['packages'],
    async run(task) {
      task.step('packages');
      await app.scripts.run('firewall.sh', ['packages', provider], { signal: task.signal, timeout: 15 * MINUTES, onOutput: (text) => task.log(text) });
    },
  });
  record(app, actor, { action: 'firewall.install', target: provider, params: { task: id }, commands: offer.commands });
  return id;
}
