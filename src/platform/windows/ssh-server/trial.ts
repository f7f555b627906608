import { dirname } from 'node:path/win32';
import type { Exec } from '../../exec.ts';
import type { RegistryDriver } from '../../registry.ts';
import { windowsLayout } from '../../ssh-server/config.ts';
import { createServiceControl } from '../services/control.ts';
import { isElevated } from '../security.ts';
import { checkTexts } from './check.ts';
import { openedPorts } from './commands.ts';
import { readTexts, sshFolder } from './files.ts';
import { findSshd } from './place.ts';

/** Reads all that the page of the SSH server reads, and says of it only numbers. A machine without it is as good as one with it. */
export async function tryOpenSsh(exec: Exec, registry: RegistryDriver, programData: string, scratch: string): Promise<{ good: boolean; text: string }> {
  const found = await findSshd(registry);
  if (!found) return { good: true, text: 'not installed' };
  const layout = windowsLayout(programData);
  const others = [`${programData}\\ssh`, dirname(found.sshd)].flatMap((path) => sshFolder.others(path));
  if (others.length) return { good: true, text: `${others.length} others write` };
  const texts = readTexts(sshFolder, layout);
  if (texts.size === 0) return { good: true, text: 'not started yet' };
  const facts = [`${texts.size} files`, `service ${createServiceControl().state('sshd')}`, `${(await openedPorts(registry)).length} rules`];
  // Only administrators read its host keys.
  if (!isElevated()) return { good: true, text: `${facts.join(', ')}, not elevated` };
  const asked = await checkTexts(exec, found.sshd, texts, layout, scratch);
  return 'fault' in asked ? { good: false, text: `${facts.join(', ')}, refuses its configuration` } : { good: true, text: `${facts.join(', ')}, ${asked.effective.size} settings` };
}
