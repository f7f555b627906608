import { AppError } from '../../lib/errors.ts';
import type { FileChange } from '../../platform/ssh-server.ts';
import { OWN, readLines, withOwn } from '../../platform/ssh-server/config.ts';
import { FIELDS, KEYWORDS, linesOf, settingsOf, type SshSettings } from '../../platform/ssh-server/settings.ts';
import type { App } from '../app.ts';
import type { SshServerWanted } from './input.ts';
import type { SshServer } from './ssh-server.ts';
import { warningsOf, type SshWarning } from './warnings.ts';

/** What a change would do, before it does. */
export interface SshServerPlan {
  changed: (keyof SshSettings)[];
  files: FileChange[];
  commands: [string, ...string[]][];
  warnings: SshWarning[];
  /** sshd does not accept it: what it says. */
  fault: string | null;
}

/** read → decide: what is to be written where, what sshd says of it, and who might be locked out by it. */
export async function planSshServer(app: App, server: SshServer, wanted: SshServerWanted): Promise<SshServerPlan> {
  const { found, settings } = server;
  const driver = app.host.sshServer;
  const changed = FIELDS.filter((field) => !Bun.deepEquals(settings[field], wanted[field]));
  if (changed.length === 0) return { changed, files: [], commands: [], warnings: [], fault: null };
  const texts = textsWith(server, wanted, changed);
  const asked = await driver.check(texts);
  const fault = 'fault' in asked ? asked.fault : refusedBy(settingsOf(asked.effective, readLines(texts)), wanted);
  const moved = changed.includes('ports') || changed.includes('listenAddresses');
  const files = [...texts].flatMap(([path, after]) => (found.texts.get(path) === after ? [] : [{ path, before: found.texts.get(path) ?? null, after }]));
  const beside = moved && found.service ? driver.beside(found.service, wanted) : [];
  const commands = driver.reload(found.service);
  return { changed, files: [...files, ...beside], commands, warnings: await warningsOf(app, server, wanted), fault };
}

/** The panel's own file has what is changed now, and what was changed there before. */
function textsWith({ found }: SshServer, wanted: SshSettings, changed: readonly (keyof SshSettings)[]) {
  const mine = readLines(new Map([[OWN, found.texts.get(OWN) ?? '']]), OWN).map(({ keyword }) => keyword);
  const fields = FIELDS.filter((field) => changed.includes(field) || mine.includes(KEYWORDS[field].toLowerCase()));
  const own = fields.flatMap((field) => linesOf(field, wanted).map((value) => [KEYWORDS[field], value] as const));
  return withOwn(found.texts, own, fields.map((field) => KEYWORDS[field]));
}

/** What sshd would do otherwise than it was wanted: something in the files counts that is not understood here. */
function refusedBy(effective: SshSettings, wanted: SshSettings): string | null {
  const other = FIELDS.filter((field) => !Bun.deepEquals(effective[field], wanted[field]));
  return other.length ? other.map((field) => `${KEYWORDS[field]}: ${linesOf(field, effective).join(' ')}`).join('\n') : null;
}

/** @throws AppError conflict when there is nothing to change, invalid with what sshd says */
export function needPlan(plan: SshServerPlan): SshServerPlan {
  if (plan.changed.length === 0) throw new AppError('conflict', (t) => t.sshServer.noChange);
  const { fault } = plan;
  if (fault !== null) throw new AppError('invalid', (t) => t.sshServer.fault, { detail: fault });
  return plan;
}
