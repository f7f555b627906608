import type { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { SYSTEM, type App } from '../app.ts';
import { Listed } from '../containers/container.ts';
import { askDocker } from '../docker/ask.ts';
import { withRegistries } from '../registries/config-folder.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { runCompose, type ComposeFiles, type ComposeTool } from './compose.ts';
import { Inspected, judge, type Seen, type Verdict } from './health.ts';
import { frozenFile } from './kept.ts';
import { readStackLog } from './logs.ts';
import { isFrom, LABEL, tellsPlace, type Stack } from './stack.ts';
import { readImageLabels } from './stacks.ts';

/** Pulling and building take what they take; half an hour is stuck. */
const RUN_MS = 30 * 60_000;
/** What fetches images, and has to be signed in for that. */
const FETCHING: readonly string[] = ['up', 'pull'];
const LOOK_MS = 1000;
/** Lines of a service's log that are kept of a failure. */
const LOG_LINES = 200;

/** What a run needs of a task: also one that goes on after it was cancelled. */
export type Watching = Pick<TaskContext, 'log'> & { signal: AbortSignal | undefined };

/** Runs the tool and writes all that it says to the log. @throws AppError unavailable when it did not end well */
export async function runLogged(app: App, tool: ComposeTool, on: ComposeFiles, verb: readonly string[], { log, signal }: Watching) {
  log(`$ ${tool.argv.map((word) => word.split('/').at(-1)).join(' ')} -p ${on.name} ${verb.join(' ')}`);
  const lines = lineWriter(log);
  const run = (env: Record<string, string>) => runCompose(app, tool, on, verb, { timeout: RUN_MS, onOutput: lines.write, env, ...(signal ? { signal } : {}) });
  const result = await (FETCHING.includes(verb[0]!) ? withRegistries(app, run) : run({}));
  lines.end();
  if (result.code === 0 && !result.ended) return;
  const tail = (result.stderr || result.stdout).trim().split('\n').slice(-8).join('\n');
  throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'compose', code: result.code }), { detail: tail });
}

/** A log takes whole lines; a program says them in pieces. */
function lineWriter(log: (text: string) => void) {
  const rest = { stdout: '', stderr: '' };
  return {
    write(text: string, stream: 'stdout' | 'stderr') {
      const whole = rest[stream] + text;
      const end = whole.lastIndexOf('\n') + 1;
      if (end) log(whole.slice(0, end));
      rest[stream] = whole.slice(end);
    },
    end: () => Object.values(rest).forEach(log),
  };
}

type Waited = Pick<Stack, 'name' | 'folder' | 'files'>;

/** Containers of a stack as they are now, in full; single runs (`compose run`) are not part of it. */
async function inspectAll(app: App, stack: Waited): Promise<Inspected[]> {
  const query = { all: true, filters: { label: [`${LABEL}project=${stack.name}`] } };
  const listed = (await askDocker(app, { path: '/containers/json', query }, Listed)).filter(({ Labels }) => Labels?.[`${LABEL}project`] === stack.name && Labels[`${LABEL}oneoff`]?.toLowerCase() !== 'true');
  const found = await Promise.all((await honest(app, stack, listed)).map(({ Id }) => askDocker(app, { path: `/containers/${Id}/json` }, Inspected).catch((error: unknown) => {
    // Between the two questions it may have been replaced.
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  })));
  return found.filter((one) => one !== null);
}

/**
 * A label of the project is soon said, also by an image: where a service has containers that Compose made of these files, no
 * other tells whether it came up (S18). One that was started from elsewhere, before the panel knew it, is not made anew.
 */
async function honest(app: App, { name, folder, files }: Waited, listed: z.output<typeof Listed>): Promise<z.output<typeof Listed>> {
  const images = await readImageLabels(app);
  const made = listed.filter((one) => tellsPlace(one, images) && [files, [frozenFile(app, name)]].some((these) => isFrom({ folder, files: these }, one.Labels ?? {})));
  const told = new Set(made.map(({ Labels }) => Labels?.[`${LABEL}service`]));
  return [...made, ...listed.filter(({ Labels }) => !told.has(Labels?.[`${LABEL}service`]))];
}

/** Waits until all these services run, and are healthy where somebody looks, for `ms` at most. @throws AppError unavailable naming the first that does not */
export async function comeUp(app: App, stack: Waited, services: readonly string[], ms: number, { log, signal }: Watching) {
  const seen: Seen = new Map();
  const begun = performance.now();
  let told = '';
  for (;;) {
    const verdict: Verdict = judge(await inspectAll(app, stack), services, seen, performance.now());
    signal?.throwIfAborted();
    if (verdict.is === 'good') return log(`all services are up: ${services.join(', ')}`);
    if (verdict.is === 'bad') throw new AppError('unavailable', (t) => t.stacks.errors.down({ service: verdict.service, why: verdict.why }));
    const waiting = verdict.services.join(', ');
    if (performance.now() - begun > ms) throw new AppError('unavailable', (t) => t.stacks.errors.late({ services: waiting, seconds: Math.round(ms / 1000) }));
    if (waiting !== told) log(`waiting for ${waiting}`);
    told = waiting;
    await Bun.sleep(LOOK_MS);
  }
}

/**
 * The end of what the services said, for whoever looks why they did not come up; that it cannot be read is no reason not to go
 * on. Asked of the engine: the first Compose forgets a container that ends again while its log is read, and with it its lines.
 */
export async function logTail(app: App, name: string, { log }: Pick<Watching, 'log'>) {
  try {
    const { lines } = await readStackLog(app, SYSTEM, name, { tail: LOG_LINES, stdout: true, stderr: true, q: '' });
    log([`--- the last ${LOG_LINES} lines of the services ---`, ...lines.map(({ container, time, text }) => `${container} | ${time ? `${time} ` : ''}${text}`), '---'].join('\n'));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log(`what the services said is not known: ${error.message}`);
  }
}
