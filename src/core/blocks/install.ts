import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { FIREWALL_PACKAGES } from '../firewall/install.ts';
import { installCommands, installPackages } from '../packages/install.ts';
import { tendBlocks } from './apply.ts';

/** What installs the tool that blocks addresses; null: it is here, or cannot be installed. */
export async function blocksInstallCommands(app: App): Promise<string[] | null> {
  return (await app.host.blocks.refusal()) === 'noTool' ? installCommands(app, FIREWALL_PACKAGES.nftables) : null;
}

/** What was to be blocked before is dropped at once. @returns the task. @throws AppError denied, unsupported, conflict while anything is being installed */
export async function installBlocksTool(app: App, actor: Actor): Promise<string> {
  need(actor, 'blocks.write');
  if (!(await blocksInstallCommands(app))) throw new AppError('unsupported', (t) => t.blocks.refusals.noTool);
  return installPackages(app, actor, FIREWALL_PACKAGES.nftables, { action: 'blocks.install', target: app.host.blocks.tool, refusal: (t) => t.blocks.refusals.noTool, after: () => tendBlocks(app) });
}
