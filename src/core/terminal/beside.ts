import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { ContainerExec, openInContainer } from '../containers/exec.ts';
import { connectSshHost, type Connected } from './ssh-hosts/connect.ts';
import { getTerminal, openTerminal } from './terminals.ts';

/**
 * Opens another terminal like this one, to stand beside it: of the same account in the folder where its shell is now, in the same
 * container, or on the same host. `hostId`: which, when it is one.
 * @throws AppError as openTerminal and connectSshHost
 */
export async function openBeside(app: App, actor: Actor, id: string, size: { cols: number; rows: number }): Promise<Connected & { hostId: string | null }> {
  need(actor, 'terminal.open');
  const { kind, target, hostId, folder, live } = await getTerminal(app, actor, id);
  if (hostId !== null) return { ...(await connectSshHost(app, actor, hostId, size)), hostId };
  if (kind === 'container') return { terminal: await openInContainer(app, actor, target, ContainerExec.parse(size)), hostId };
  const now = live && !live.exit ? await app.host.shells.folderOf(live.pid) : null;
  const shell = kind === 'shell' ? target : '';
  try {
    return { terminal: await openTerminal(app, actor, { shell, folder: now ?? folder, ...size }), hostId };
  } catch (error) {
    // The folder is gone: the terminal begins at home.
    if (!(error instanceof AppError) || error.field !== 'folder') throw error;
    return { terminal: await openTerminal(app, actor, { shell, folder: '', ...size }), hostId };
  }
}
