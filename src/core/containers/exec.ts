import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { dockerShell } from '../docker/endpoints/shell.ts';
import { start, TerminalSize, type TerminalNow } from '../terminal/terminals.ts';
import { getContainer } from './detail.ts';
import { inShell, markVariable } from './exec-end.ts';

export const EXEC_SHELLS = ['auto', 'bash', 'sh', 'ash', 'zsh', 'cmd', 'powershell'] as const;

export const ContainerExec = z.strictObject({
  shell: z.enum(EXEC_SHELLS).default('auto'),
  /** Name or number, with a group after a colon; '' for the one of the image. Never an option of the command. */
  user: z.string().trim().regex(/^(?:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63}(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,63})?)?$/, say('container.user', (t) => t.container.userBad)).default(''),
  cols: TerminalSize.shape.cols.default(80),
  rows: TerminalSize.shape.rows.default(24),
});

/** bash where there is one, else what every image with a shell has. */
const AUTO = 'command -v bash >/dev/null 2>&1 && exec bash || exec sh';
const NAMED = 'exec "$1"';

/** The words of the program in the container; its mark is how it is found again. Windows knows no sh. */
function shellWords(shell: (typeof EXEC_SHELLS)[number], mark: string): readonly string[] {
  if (shell === 'cmd' || shell === 'powershell') return [shell];
  return shell === 'auto' ? inShell(AUTO, mark) : inShell(NAMED, mark, shell);
}

/**
 * Opens a shell in a container as a terminal of the panel, by the docker command.
 * @throws AppError denied, not_found, conflict (it does not run, too many terminals), unsupported (no docker command, the demo), unavailable
 */
export async function openInContainer(app: App, actor: Actor, id: string, { shell, user, cols, rows }: z.output<typeof ContainerExec>): Promise<TerminalNow> {
  need(actor, 'containers.admin');
  need(actor, 'terminal.open');
  const { id: whole, name, state } = await getContainer(app, actor, id);
  if (app.config.demo) throw new AppError('unsupported', (t) => t.terminal.demo);
  if (state !== 'running') throw new AppError('conflict', (t) => t.container.notRunning);
  // The same engine that the panel asks, whatever the account's own settings say.
  const endpointId = app.engines.chosen();
  const { argv, env, lent } = await dockerShell(app);
  const cwd = process.platform === 'win32' ? 'C:\\' : '/';
  const words = (mark: string) => ['exec', '-it', ...(user ? ['-u', user] : []), '-e', markVariable(mark), whole, ...shellWords(shell, mark)];
  try {
    const terminal = await start(app, actor, { launch: (mark) => ({ argv: argv(words(mark)), cwd, env, title: name }), kind: 'container', target: name, hostId: null, endpointId, cols, rows });
    record(app, actor, { action: 'containers.exec', target: name, params: { id: terminal.id, shell, user } });
    return terminal;
  } finally {
    lent();
  }
}
