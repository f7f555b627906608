import { shellWord } from '../../../lib/shell-word.ts';
import { entryPath, type Selection } from './protect.ts';
import type { App } from '../../app.ts';
import type { Plan } from './plan.ts';

/** A command that names more would be read by nobody. */
const SHOWN = 20;

/** What a shell would run for the same effect: for "Show commands" and the audit log. */
export function commandsOf(app: App, selection: Selection, plan: Plan): string[] {
  const paths = selection.names.slice(0, SHOWN).map((name) => shellWord(entryPath(app, selection.folder, name))).join(' ');
  const { mode, fileMode, input } = plan;
  const owner = input.owner + (input.group ? `:${input.group}` : '');
  const lines: string[] = [];
  if (owner) {
    const who = shellWord(owner);
    lines.push(plan.recursive ? `find ${paths} -xdev -exec chown -h -- ${who} {} +` : `chown -h -- ${who} ${paths}`);
  }
  const chmod = (which: string, text: string) => lines.push(`find ${paths} -xdev ${which} -exec chmod ${shellWord(text)} -- {} +`);
  if (!plan.recursive) {
    if (mode) lines.push(`chmod ${shellWord(mode.text)} -- ${paths}`);
  } else if (mode && !fileMode && /[^0-7]/.test(mode.text)) {
    chmod('! -type l', mode.text);
  } else {
    // chmod keeps setuid and setgid of folders unless the number has five digits.
    if (mode) chmod('-type d', /^\d{4}$/.test(mode.text) ? `0${mode.text}` : mode.text);
    const rest = fileMode ?? mode;
    if (rest) chmod('! -type d ! -type l', rest.text);
  }
  if (selection.names.length > SHOWN) lines.push(`# + ${selection.names.length - SHOWN}`);
  return lines;
}
