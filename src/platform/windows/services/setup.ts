import { z } from 'zod';
import { isManaged, needsLogonRight, needsPassword, RECOVERY_ACTIONS, type RecoverySettings, type ServiceSetup } from '../../service-setup.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';

const HIDDEN = '•••';
const word = (text: string) => (/^[\w.$-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`);

/** sc.exe calls an action that does nothing by an empty name. */
const actions = ({ steps }: RecoverySettings) => (steps.every(({ action }) => action === 'none') ? '""' : steps.map(({ action, delay }) => `${action === 'none' ? '' : action}/${delay}`).join('/'));

/** What a person would type for the same; the script is handed numbers and texts. */
export function setupCommands(name: string, setup: ServiceSetup): string[] {
  if (setup.kind === 'recovery') {
    const { reset, command, onErrors } = setup.to;
    return [
      `sc.exe failure ${word(name)} reset= ${reset === null ? 'INFINITE' : reset} actions= ${actions(setup.to)} command= ${command ? word(command) : '""'}`,
      `sc.exe failureflag ${word(name)} ${onErrors ? 1 : 0}`,
    ];
  }
  const { account } = setup;
  return [
    ...(needsLogonRight(account) ? [`# LsaAddAccountRights ${quoted(account)} SeServiceLogonRight`] : []),
    `sc.exe config ${word(name)} obj= ${word(account)}${needsPassword(account) ? ` password= ${HIDDEN}` : ''}`,
  ];
}

/** @param secret the password of the account */
export async function setUpService(shell: PowerShell, name: string, setup: ServiceSetup, secret = ''): Promise<void> {
  if (setup.kind === 'account') {
    const { account } = setup;
    await shell.call('service-setup.ps1', 'account', { name, account, managed: isManaged(account), right: needsLogonRight(account) }, z.object({}), { secret });
    return;
  }
  const { steps, reset, command, onErrors } = setup.to;
  const none = steps.every(({ action }) => action === 'none');
  // SC_ACTION_TYPE (winsvc.h) has them in this order.
  const given = none ? [] : steps.map(({ action, delay }) => ({ action: RECOVERY_ACTIONS.indexOf(action), delay }));
  await shell.call('service-setup.ps1', 'recovery', { name, steps: given, reset, command, errors: onErrors }, z.object({}));
}
