import { AppError } from '../../../lib/errors.ts';
import { streamOf } from '../../../lib/stream-of.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { isSecretName, variablesOf } from '../../containers/redact.ts';
import { streamDocker } from '../../docker/ask.ts';
import { openFolder } from '../../files/entry.ts';
import type { Lookup } from '../../files/fetches/request.ts';
import { registryConfig } from '../../registries/auth.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { followLines } from '../lines.ts';
import { parseReference, referenceText } from '../reference.ts';
import { createBuildLog } from './build-log.ts';
import { contextOf, subfolder } from './context.ts';
import { withCheckout } from './git.ts';
import type { BuildInput } from './input.ts';

/** An engine says its first word when it has the whole folder. */
const BEGIN_MS = 24 * 3_600_000;
/** Between two words about how much has been sent. */
const SAY_MS = 2000;

/** Builds an image from a folder of this machine or from a repository, as a task. @returns its id @throws AppError denied, invalid, not_found, conflict while one of this name is built */
export async function startBuild(app: App, actor: Actor, input: BuildInput, lookup?: Lookup): Promise<string> {
  need(actor, 'containers.admin');
  const tags = [...new Set(input.tags.map(wholeName))];
  const args = shownArgs(input.args);
  const from = input.source === 'git' ? shownGit(input) : await lookAt(app, actor, input.path, input.dockerfile);
  const id = app.tasks.start(actor, {
    kind: 'images.build', key: `images.build ${tags[0]}`, params: { reference: tags[0]!, from }, steps: [...(input.source === 'git' ? ['imageFetch'] : []), 'imageContext', 'imageBuild'],
    async run(task) {
      if (args.length) task.log(`arguments: ${args.join(' ')}`);
      if (input.source === 'git') return fromGit(app, task, input, tags, lookup);
      // Asked for again: it may have been swapped, or the person's reach have changed.
      const folder = await openFolder(app, actor, input.path);
      await build(app, task, folder, input, tags).finally(() => folder.close());
    },
  });
  record(app, actor, { action: 'images.build', target: tags[0]!, params: { task: id, from, dockerfile: input.dockerfile, ...(tags.length > 1 ? { tags } : {}), ...(args.length ? { args } : {}) } });
  return id;
}

function wholeName(text: string): string {
  const { name, tag } = parseReference(text)!;
  return referenceText({ name, tag: tag ?? 'latest', digest: null });
}

const shownArgs = (args: Readonly<Record<string, string>>) => variablesOf(Object.entries(args).map(([name, value]) => `${name}=${value}`)).map(({ name, value }) => `${name}=${value}`);

type Git = Extract<BuildInput, { source: 'git' }>;
const refOf = ({ ref, url }: Git) => ref || url.ref;
const folderOf = ({ folder, url }: Git) => folder || url.folder;
const shownGit = (input: Git) => `${input.url.text}${refOf(input) || folderOf(input) ? `#${refOf(input)}${folderOf(input) ? `:${folderOf(input)}` : ''}` : ''}`;

/** What the form can say at once, before a task begins. @returns where it really is */
async function lookAt(app: App, actor: Actor, path: string, dockerfile: string): Promise<string> {
  try {
    const folder = await openFolder(app, actor, path);
    try {
      const { tar } = await contextOf(app, folder, { dockerfile, signal: new AbortController().signal, log: () => {}, seen: () => {} });
      await tar.return(undefined);
      return folder.real;
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.field === 'dockerfile' || !['invalid', 'not_found', 'denied'].includes(error.code)) throw error;
    throw new AppError('invalid', error.say, { cause: error, field: 'path', ...(error.detail === undefined ? {} : { detail: error.detail }) });
  }
}

async function fromGit(app: App, task: TaskContext, input: Git, tags: readonly string[], lookup?: Lookup) {
  task.step('imageFetch');
  await withCheckout(app, task, { url: input.url, ref: refOf(input), user: input.user, password: input.password }, async (path) => {
    const top = await app.host.files.pin(path);
    try {
      const inner = folderOf(input);
      const folder = inner ? await subfolder(top, inner) : top;
      await build(app, task, folder, input, tags).finally(() => (inner ? folder.close() : undefined));
    } finally {
      await top.close();
    }
  }, lookup);
}

async function build(app: App, task: TaskContext, folder: PinnedFolder, input: BuildInput, tags: readonly string[]): Promise<void> {
  const { dockerfile, args, target, platform, noCache, pull } = input;
  task.step('imageContext');
  let told = performance.now();
  let sent = '';
  const seen = (bytes: number, files: number) => {
    sent = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
    if (performance.now() - told < SAY_MS) return;
    told = performance.now();
    task.log(`sending ${sent}`);
  };
  const context = await contextOf(app, folder, { dockerfile, signal: task.signal, log: task.log, seen });
  task.log(context.rules === null ? `context: all of the folder` : `context: without what ${context.rules} names`);
  const source = watched(context.tar);
  const query = {
    t: tags, dockerfile, version: '1', rm: true, forcerm: true, nocache: noCache, pull: pull || undefined,
    target: target || undefined, platform: platform || undefined, buildargs: Object.keys(args).length ? JSON.stringify(args) : undefined,
  };
  const secrets = [...Object.entries(args).filter(([name]) => isSecretName(name)).map(([, value]) => value), ...(input.source === 'git' ? [input.password] : [])];
  const log = createBuildLog(task.log, secrets);
  let made: string | null = null;
  const begin = once(() => {
    task.log(`sent ${sent || 'nothing but the Dockerfile'}`);
    task.step('imageBuild');
  });
  try {
    // The engine ends a build when nobody listens any longer: the task's signal ends the stream, and with it the container of the step.
    const stream = await streamDocker(app, { method: 'POST', path: '/build', query, headers: await registryConfig(app), content: { type: 'application/x-tar', data: source.data }, signal: task.signal, timeout: BEGIN_MS });
    await followLines(stream, ({ stream: said, status, id, aux }) => {
      begin();
      made = aux?.ID ?? made;
      // A base image that is pulled: what its layers do, not each piece of it.
      if (said !== undefined) log.write(said);
      else if (status && !/^(Downloading|Extracting|Waiting)$/.test(status)) log.write(`${id ? `${id}: ` : ''}${status}\n`);
      const [, step, steps] = /^Step (\d+)\/(\d+) : /.exec(said ?? '') ?? [];
      if (steps) task.progress((Number(step) - 1) / Number(steps));
    });
  } catch (error) {
    log.end();
    task.signal.throwIfAborted();
    // That a file could not be read is the reason; what the engine says of half a tar is not.
    throw source.fault() ?? error;
  }
  log.end();
  task.signal.throwIfAborted();
  if (!made) throw source.fault() ?? new AppError('unavailable', (t) => t.imageBuild.errors.nothing);
  task.log(`built ${made} as ${tags.join(', ')}`);
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

/** Tells what went wrong in a stream that somebody else reads. */
function watched(pieces: AsyncGenerator<Uint8Array>): { data: ReadableStream<Uint8Array>; fault(): unknown } {
  let fault: unknown = null;
  async function* handed() {
    try {
      yield* pieces;
    } catch (error) {
      fault ??= error;
      throw error;
    }
  }
  return { data: streamOf(handed()), fault: () => fault };
}
