import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { askDocker, tellDocker, type DockerApp } from '../docker/ask.ts';

/** What a shell in a container runs: a line of ours, and what it calls $0, $1 …, which are never a part of it. */
export const inShell = (line: string, ...words: string[]): readonly string[] => ['sh', '-c', line, ...words];

/** In the environment of everything that a terminal starts in a container. */
const MARK = 'MANTOU_TERMINAL';
export const markVariable = (terminal: string) => `${MARK}=${terminal}`;

/** Ends what carries the mark: asked first, as a terminal that is closed does, and a second later made. */
const END = [
  'for s in HUP KILL; do',
  '  for p in /proc/[0-9]*; do case "$(cat "$p/environ" 2>/dev/null)" in *"$1"*) kill -$s "${p#/proc/}" 2>/dev/null;; esac; done;',
  '  [ $s = KILL ] || sleep 1;',
  'done',
].join('\n');

const Execs = z.object({ ExecIDs: z.array(z.string()).nullish() });
const Exec = z.object({ Running: z.boolean(), ProcessConfig: z.object({ arguments: z.array(z.string()).nullish(), user: z.string().nullish() }) });
const Made = z.object({ Id: z.string() });

/**
 * Ends what a terminal left in its container. To end `docker exec` is not enough: the engine lets the shell go on that it
 * started (moby#9098). Nothing happens when the shell, or its container, is gone.
 */
export async function endInContainer(app: DockerApp, { id, target }: { id: string; target: string }): Promise<void> {
  try {
    const { ExecIDs } = await askDocker(app, { path: `/containers/${target}/json` }, Execs);
    for (const exec of ExecIDs ?? []) {
      const { Running, ProcessConfig } = await askDocker(app, { path: `/exec/${exec}/json` }, Exec);
      if (!Running || !ProcessConfig.arguments?.includes(id)) continue;
      // As the same user: nobody else may read the environment of its processes.
      const { Id } = await askDocker(app, { method: 'POST', path: `/containers/${target}/exec`, body: { Cmd: inShell(END, 'mantou', markVariable(id)), User: ProcessConfig.user ?? '' } }, Made);
      await tellDocker(app, { path: `/exec/${Id}/start`, body: { Detach: true } });
    }
  } catch (error) {
    if (!(error instanceof AppError) || !['not_found', 'conflict'].includes(error.code)) throw error;
  }
}
