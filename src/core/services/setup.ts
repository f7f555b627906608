import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { planOf, type Plan } from '../../platform/plan.ts';
import { hideSecrets } from '../../platform/command-line.ts';
import { needsPassword, RECOVERY_ACTIONS, type RecoverySettings, type ServiceSetup } from '../../platform/service-setup.ts';
import type { ServiceDetail } from '../../platform/services.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { recorded } from '../audit/recorded.ts';
import { sameAsSeen } from '../seal.ts';
import { guardOf } from './guard.ts';
import { findService } from './services.ts';
import { hideInText } from './unit-secrets.ts';

const DAY_MS = 86_400_000;
const Step = z.strictObject({ action: z.enum(RECOVERY_ACTIONS), delay: z.number().int().min(0).max(DAY_MS) });
const line = /^[^\x00-\x1f\x7f]*$/;

export const RecoveryInput = z.strictObject({
  /** After the first failure, the second, and all later ones. */
  steps: z.array(Step).length(3),
  reset: z.number().int().min(0).max(3650 * 86_400).nullable(),
  command: z.string().trim().max(4000).regex(line, say('services.command', (t) => t.serviceSetup.badCommand)).default(''),
  onErrors: z.boolean(),
});

/** "LocalSystem", ".\lin", "SHOP\backup", "lin@shop.example", "NT SERVICE\Spooler"; never what Windows takes for something else. */
export const AccountInput = z.strictObject({
  account: z.string().trim().min(1, say('services.account', (t) => t.serviceSetup.badAccount)).max(300).regex(/^[^\x00-\x1f\x7f"/[\]:;|=,+*?<>]+$/, say('services.account', (t) => t.serviceSetup.badAccount)),
  password: z.string().max(256).regex(/^[^\x00\r\n]*$/).default(''),
});

/** @throws AppError denied, not_found, unsupported where the system has no such settings */
export async function readSetup(app: App, actor: Actor, name: string): Promise<ServiceDetail & { settings: RecoverySettings }> {
  need(actor, 'services.write');
  const service = await findService(app, actor, name);
  if (!service.settings) throw new AppError('unsupported', (t) => t.serviceSetup.notHere);
  return { ...service, settings: service.settings };
}

/** What a change would run. @throws AppError invalid with the field; conflict where the account is not to be touched: without it the panel, people or the system are cut off */
export async function planSetup(app: App, actor: Actor, name: string, setup: ServiceSetup): Promise<Plan> {
  const { row } = await readSetup(app, actor, name);
  const { services } = app.host;
  if (setup.kind === 'recovery' && setup.to.command === '' && setup.to.steps.some(({ action }) => action === 'run')) throw new AppError('invalid', (t) => t.serviceSetup.noCommand, { field: 'command' });
  const guard = setup.kind === 'account' ? guardOf(row.name, 'stop', services.own()) : null;
  // The panel comes back after a restart by what Windows does when it ends.
  if (setup.kind === 'recovery' && row.name === services.own()) throw new AppError('conflict', (t) => t.serviceSetup.ownRecovery);
  if (guard) throw new AppError('conflict', (t) => (guard === 'panel' ? t.serviceSetup.ownAccount : t.serviceSetup.guardedAccount({ name: row.name })));
  return planOf(services.setupCommands(row.name, setup));
}

/**
 * @param secret the password of an account
 * @throws AppError denied, not_found, conflict, unsupported; invalid with the field, also for an account that Windows does not take
 */
export async function changeSetup(app: App, actor: Actor, name: string, setup: ServiceSetup, { seen, secret = '' }: { seen?: string | undefined; secret?: string } = {}): Promise<void> {
  const plan = await planSetup(app, actor, name, setup);
  sameAsSeen(plan, seen);
  const withPassword = setup.kind === 'account' && needsPassword(setup.account);
  if (withPassword && !secret) throw new AppError('invalid', (t) => t.serviceSetup.passwordNeeded, { field: 'password' });
  const { row } = await findService(app, actor, name);
  const hidden = (text: string) => hideInText(hideSecrets(text));
  const params = setup.kind === 'account' ? { account: setup.account } : { ...setup.to, command: hidden(setup.to.command) };
  try {
    await recorded(app, actor, { action: `services.${setup.kind}`, target: row.name, params, commands: plan.commands.map(hidden) }, () => app.host.services.setUp(row.name, setup, withPassword ? secret : ''));
  } catch (error) {
    if (setup.kind !== 'account' || !(error instanceof AppError) || error.code !== 'invalid') throw error;
    throw new AppError('invalid', (t) => t.serviceSetup.refusedAccount, { field: 'account', cause: error });
  } finally {
    app.bus.emit('services.changed', {});
  }
}
