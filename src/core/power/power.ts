import { AppError, type Say } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { readSystem } from '../system/system.ts';

/** `restart` is the panel; the others are the machine. */
export const POWER_ACTIONS = ['restart', 'reboot', 'shutdown'] as const;
export type PowerAction = (typeof POWER_ACTIONS)[number];

/** A button: what would run, and why it cannot. */
export interface PowerOffer {
  action: PowerAction;
  refusal: Say | null;
  commands: string[];
}

type Needs = Pick<App, 'host' | 'panel' | 'clock' | 'db' | 'version' | 'log'>;

async function offer(app: Pick<App, 'host' | 'panel'>, action: PowerAction): Promise<PowerOffer> {
  if (action !== 'restart') {
    return { action, refusal: await app.host.power.refusal(action), commands: app.host.power.commands(action) };
  }
  const why = app.panel.restartRefusal();
  const refusal: Say | null = why && ((t) => t.power.refusals[why]({ container: '', init: '' }));
  return { action, refusal, commands: [app.panel.restartCommand()] };
}

export const listPower = (app: Pick<App, 'host' | 'panel'>): Promise<PowerOffer[]> =>
  Promise.all(POWER_ACTIONS.map((action) => offer(app, action)));

/** The answer must reach the browser before the machine goes. */
const BREATH_MS = 500;

/**
 * Does it, after the name of the server was typed. The entry of the audit log is written first: afterwards there may be nobody to write it.
 * @throws AppError denied, invalid for another name, unsupported with the reason, unavailable when the tool fails at once.
 */
export async function runPower(app: Needs, actor: Actor, action: PowerAction, confirm: string): Promise<void> {
  need(actor, 'power.write');
  const { hostname } = await readSystem(app);
  if (confirm.trim() !== hostname) throw new AppError('invalid', (t) => t.power.confirm({ name: hostname }), { field: 'confirm' });
  const { refusal, commands } = await offer(app, action);
  const entry = { action: `power.${action}`, target: action === 'restart' ? '' : hostname, commands };
  if (refusal) {
    record(app, actor, { ...entry, result: 'refused', commands: [] });
    throw new AppError('unsupported', refusal);
  }
  record(app, actor, entry);
  if (action === 'restart') {
    setTimeout(() => app.panel.restart(), BREATH_MS);
    return;
  }
  try {
    await app.host.power.run(action);
  } catch (error) {
    record(app, actor, { ...entry, result: 'failed' });
    throw error;
  }
}
