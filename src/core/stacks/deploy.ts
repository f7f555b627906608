import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import { actorName, SYSTEM, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { containerOf, Listed } from '../containers/container.ts';
import { rename } from '../containers/recreate/recreate.ts';
import { askDocker } from '../docker/ask.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { comeUp, logTail, runLogged, type Watching } from './come-up.ts';
import { needCompose, needFiles, type ComposeFiles, type ComposeTool } from './compose.ts';
import { checkBase, type Change } from './change.ts';
import { endBegun, keepBegun, keepGood, keepVersion, listBegun, listVersions, readBegun, readGood } from './kept.ts';
import { expectedServices } from './rendered.ts';
import { taskKey, type Stack } from './stack.ts';
import { getStack, readStack } from './stacks.ts';
import { sweepMirrors } from './mirror.ts';
import type { StackText } from './texts.ts';
import { completeGood, readTracked, writeTracked } from './tracked.ts';
import { validate, type Validated } from './validate.ts';
import { WAIT } from './wait.ts';

export type Placed = Stack & { folder: string };

/**
 * Saves, starts, and waits until all services are up; when they do not come up, the files that ran before are put back and
 * started again. From before the first change until the end a copy of those lies on the disk: a panel that is killed
 * meanwhile returns to them at its next start.
 * @returns the id of the task
 * @throws StackFault, AppError; then nothing has changed
 */
export async function deployStack(app: App, actor: Actor, name: string, change: Change | null, seconds: number = WAIT.usual): Promise<string> {
  need(actor, 'stacks.admin');
  const tool = await needCompose(app);
  const stack = await getStack(app, actor, name);
  needFiles(stack);
  if (change) checkBase(await readTracked(app, stack, pathsOf(change)), change);
  await validate(app, tool, stack, change?.texts ?? null);
  const id = app.tasks.start(actor, {
    kind: 'stacks.deploy', key: taskKey(app, name), params: { name }, steps: ['stacksKeep', 'stacksUp', 'stacksHealth'],
    run: (task) => deploy(app, actor, task, { tool, stack, change, ms: seconds * 1000 }),
  });
  record(app, actor, { action: 'stacks.deploy', target: name });
  return id;
}

const pathsOf = (change: Change | null) => change?.texts.map(({ path }) => path) ?? [];

interface Deployment {
  tool: ComposeTool;
  stack: Placed;
  change: Change | null;
  ms: number;
}

async function deploy(app: App, actor: Actor, task: TaskContext, { tool, stack, change, ms }: Deployment) {
  const { name } = stack;
  const by = actorName(actor);
  const version = (texts: StackText[], state: 'found' | 'saved' | 'good' | 'failed') => keepVersion(app, name, { at: app.clock.now(), by, state, texts });
  task.step('stacksKeep');
  const found = await readTracked(app, stack, pathsOf(change));
  if (change) checkBase(found, change);
  await completeGood(app, stack, found);
  const before = await whatRuns(app, stack, found);
  const texts = found.map((one) => change?.texts.find(({ path }) => path === one.path) ?? one);
  await keepBegun(app, name, { at: app.clock.now(), by, before });
  try {
    if (change) {
      await version(found, 'found');
      await writeTracked(app, stack, change.texts);
    }
    await version(texts, 'saved');
    task.step('stacksUp');
    await up(app, tool, stack, ms, task, { started: () => task.step('stacksHealth') });
  } catch (error) {
    // A panel that stops does no more; the copy stays, and the next start returns to it.
    if (task.signal.reason === 'stop') throw error;
    task.log(task.tell(error));
    // What was cancelled is taken back all the same: a stack is never left half done.
    const watching: Watching = { log: task.log, signal: undefined };
    await logTail(app, name, watching);
    await version(texts, 'failed');
    // The very files that ran before: there is nothing to return to.
    if (JSON.stringify(before) === JSON.stringify(texts)) {
      await endBegun(app, name);
      throw error;
    }
    await giveBack(app, tool, stack, before, ms, watching);
    await endBegun(app, name);
    throw new AppError('unavailable', (t) => (before ? t.stacks.errors.returned : t.stacks.errors.takenDown)({ why: error instanceof AppError ? error.say(t) : String(error) }), { cause: error });
  }
  await version(texts, 'good');
  await keepGood(app, name, texts);
  await endBegun(app, name);
}

/**
 * The files that run now; null: none do. Those on the disk, unless they were only saved here, or taken back: what was
 * changed and started outside of the panel is not written over by what ran before that.
 */
async function whatRuns(app: App, { name, containers }: Placed, found: StackText[]): Promise<StackText[] | null> {
  if (containers.length === 0) return null;
  const now = JSON.stringify(found);
  const version = (await listVersions(app, name)).find(({ texts }) => JSON.stringify(texts) === now);
  return version && ['saved', 'failed'].includes(version.state) ? ((await readGood(app, name)) ?? found) : found;
}

interface UpOptions {
  /** It runs; now it is waited for. */
  started?(): void;
  /** What the tool is to run on, by what it made of the files; throws for what may not be started. */
  on?(validated: Validated): Promise<ComposeFiles>;
}

/** Starts what the files say and waits for it. */
export async function up(app: App, tool: ComposeTool, stack: Placed, ms: number, watching: Watching, { started, on }: UpOptions = {}) {
  const validated = await validate(app, tool, stack, null);
  const files = (await on?.(validated)) ?? stack;
  // Of a stack that others began, further containers may belong to another folder that happens to have the same name.
  await runLogged(app, tool, files, ['up', '-d', ...(stack.own ? ['--remove-orphans'] : [])], watching);
  watching.signal?.throwIfAborted();
  started?.();
  await comeUp(app, stack, expectedServices(validated.rendered), ms, watching);
}

/** Back to what ran before; where nothing did, what was begun is taken away and the files stay to be mended. */
async function giveBack(app: App, tool: ComposeTool, stack: Placed, before: readonly StackText[] | null, ms: number, watching: Watching) {
  if (!before) {
    watching.log('nothing ran before: what was started is taken down, the files stay');
    return runLogged(app, tool, stack, ['down', '--remove-orphans'], watching);
  }
  watching.log('returning to the files that ran before');
  await writeTracked(app, stack, before);
  await up(app, tool, stack, ms, watching);
  await giveNames(app, stack.name, watching);
  watching.log('the files that ran before run again');
}

/**
 * docker-compose 1 calls what it replaces `<12 hex digits>_<name>` until the new one is there; where that never came, it goes
 * on with the old one, and with that name. Nothing of a deployment depends on it: where a name is taken by now, it stays.
 */
async function giveNames(app: App, project: string, { log }: Watching) {
  try {
    const all = (await askDocker(app, { path: '/containers/json', query: { all: true } }, Listed)).map(containerOf);
    for (const one of all) {
      const name = /^[0-9a-f]{12}_(.+)$/.exec(one.name)?.[1];
      if (one.stack !== project || !name || all.some((other) => other.name === name)) continue;
      await rename(app, one.id, name);
      log(`${one.name} is called ${name} again`);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log(`names are not given back: ${error.message}`);
  }
}

/** Returns to what ran before a deployment that the panel could not end. @returns the id of the task @throws AppError not_found when there is none */
export async function returnStack(app: App, actor: Actor, name: string): Promise<string> {
  need(actor, 'stacks.admin');
  await getStack(app, actor, name);
  if (!(await readBegun(app, name))) throw new AppError('not_found', (t) => t.stacks.errors.notBegun);
  record(app, actor, { action: 'stacks.return', target: name });
  return startReturn(app, actor, name, 0);
}

function startReturn(app: App, actor: Actor, name: string, patience: number): string {
  return app.tasks.start(actor, {
    kind: 'stacks.return', key: taskKey(app, name), params: { name }, steps: ['stacksReturn'],
    async run(task) {
      task.step('stacksReturn');
      const begun = await readBegun(app, name);
      if (!begun) return;
      task.log(`a deployment by ${begun.by} of ${new Date(begun.at).toISOString()} did not end`);
      const stack = await patiently(patience, task.signal, () => readStack(app, name));
      const tool = await needCompose(app);
      needFiles(stack);
      await keepVersion(app, name, { at: app.clock.now(), by: begun.by, state: 'failed', texts: await readTracked(app, stack) });
      await giveBack(app, tool, stack, begun.before, WAIT.usual * 1000, task);
      await endBegun(app, name);
    },
  });
}

/** The engine may start after the panel, as both do when a machine boots. */
const PATIENCE_MS = 120_000;

async function patiently<T>(ms: number, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError && error.code === 'unavailable') || performance.now() > end) throw error;
      await Bun.sleep(2000);
    }
  }
}

/** At the start of the panel: every deployment that the one before did not end is taken back. */
export async function settleStacks(app: App) {
  if (app.host.kind === 'fake') return;
  await sweepMirrors(app);
  for (const name of await listBegun(app)) {
    record(app, SYSTEM, { action: 'stacks.return', target: name });
    startReturn(app, SYSTEM, name, PATIENCE_MS);
  }
}
