import { AppError } from '../../lib/errors.ts';
import type { FileChange, SshServerCommands } from '../../platform/ssh-server.ts';
import { ownKeywords, readLines, withOwn, type ConfigLine } from '../../platform/ssh-server/config.ts';
import { KEYWORDS, linesOf, settingsOf, type SshField, type SshSettings } from '../../platform/ssh-server/settings.ts';
import type { App } from '../app.ts';
import type { SshServerWanted } from './input.ts';
import type { SshServer } from './ssh-server.ts';
import { warningsOf, type SshWarning } from './warnings.ts';

/** What a change would do, before it does. */
export interface SshServerPlan {
  /** As all settings would be. */
  wanted: SshSettings;
  changed: SshField[];
  files: FileChange[];
  commands: [string, ...string[]][];
  /** What is run when the files are as before. */
  revert: SshServerCommands['revert'];
  warnings: SshWarning[];
  /** sshd does not accept it: what it says. */
  fault: string | null;
}

/** read → decide: what is to be written where, what sshd says of it, and who might be locked out by it. */
export async function planSshServer(app: App, server: SshServer, input: SshServerWanted): Promise<SshServerPlan> {
  const { found, settings, fields } = server;
  const driver = app.host.sshServer;
  const wanted = wholeOf(server, input);
  const changed = fields.filter((field) => !Bun.deepEquals(settings[field], wanted[field]));
  if (changed.length === 0) return { wanted, changed, files: [], commands: [], revert: [], warnings: [], fault: null };
  const texts = textsWith(app, server, wanted, changed);
  const asked = await driver.check(texts);
  const fault = 'fault' in asked ? asked.fault : refusedBy(fields, asked.effective, readLines(texts, driver.layout), wanted);
  const moved = changed.includes('ports') || changed.includes('listenAddresses');
  const files = [...texts].flatMap(([path, after]) => (found.texts.get(path) === after ? [] : [{ path, before: found.texts.get(path) ?? null, after }]));
  const beside = moved && found.service ? driver.beside(found.service, wanted) : [];
  const { apply, revert } = await driver.commands(found.service, settings, wanted);
  return { wanted, changed, files: [...files, ...beside], commands: apply, revert, warnings: await warningsOf(app, server, wanted), fault };
}

/** What was not given, and what this system has not, stays as it is. */
function wholeOf({ settings, fields }: SshServer, input: SshServerWanted): SshSettings {
  return { ...settings, ...Object.fromEntries(fields.flatMap((field) => (input[field] === undefined ? [] : [[field, input[field]]]))) };
}

/** Where the panel writes stands what is changed now, and what was changed there before. */
function textsWith({ host }: Pick<App, 'host'>, { found, fields }: SshServer, wanted: SshSettings, changed: readonly SshField[]) {
  const { layout } = host.sshServer;
  const mine = ownKeywords(found.texts, layout);
  const written = fields.filter((field) => changed.includes(field) || mine.includes(KEYWORDS[field].toLowerCase()));
  const own = written.flatMap((field) => linesOf(field, wanted).map((value) => [KEYWORDS[field], value] as const));
  return withOwn(found.texts, own, written.map((field) => KEYWORDS[field]), layout);
}

/** What sshd would do otherwise than it was wanted: something in the files counts that is not understood here. */
function refusedBy(fields: readonly SshField[], said: ReadonlyMap<string, readonly string[]>, lines: readonly ConfigLine[], wanted: SshSettings): string | null {
  const effective = settingsOf(said, lines);
  const other = fields.filter((field) => !Bun.deepEquals(effective[field], wanted[field])).map((field) => `${KEYWORDS[field]}: ${linesOf(field, effective).join(' ')}`);
  // Groups above are those of the files: sshd does not say where a name with a blank in it ends, and writes them in lower case.
  const groups = (said.get('allowgroups') ?? []).join(' ');
  const wordsOf = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);
  if (fields.includes('allowGroups') && !Bun.deepEquals(wordsOf(groups), wordsOf(wanted.allowGroups.join(' ')))) other.push(`${KEYWORDS.allowGroups}: ${groups}`);
  return other.length ? other.join('\n') : null;
}

/** @throws AppError conflict when there is nothing to change, invalid with what sshd says */
export function needPlan(plan: SshServerPlan): SshServerPlan {
  if (plan.changed.length === 0) throw new AppError('conflict', (t) => t.sshServer.noChange);
  const { fault } = plan;
  if (fault !== null) throw new AppError('invalid', (t) => t.sshServer.fault, { detail: fault });
  return plan;
}
