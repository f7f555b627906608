import { AppError } from '../../lib/errors.ts';
import type { Exec, ExecOptions, ExecResult } from '../../platform/exec.ts';
import type { App } from '../app.ts';
import { hasFiles, type Stack } from './stack.ts';

/** What drives stacks: the plugin of the docker command, or the program of its own that came before it. */
export interface ComposeTool {
  kind: 'plugin' | 'standalone';
  /** "2.39.1", "1.29.2". */
  version: string;
  argv: readonly [string, ...string[]];
}

/** The first of its kind, in Python: it knows no `include`, and `config` tells of services whatever their profile. */
export const isFirst = ({ version }: Pick<ComposeTool, 'version'>) => version.startsWith('1.');

/** What a run of the tool is about: a stack, or files that are tried in its place. */
export type ComposeFiles = Pick<Stack, 'name' | 'folder' | 'files'> & {
  /** In place of `.env`, in order. */
  env?: readonly string[] | undefined;
};

/** An answer may be old by this much: 1.29 takes half a second to say its version. */
const KNOWN_MS = 60_000;
/** On a machine that is busy, Python takes its time. */
const PROBE_MS = 30_000;
const known = new WeakMap<Exec, { at: number; tool: Promise<ComposeTool | null> }>();

/** Which tool there is; null: none. The demo has none, as it has no containers. */
export async function findCompose(app: Pick<App, 'exec' | 'host' | 'clock'>): Promise<ComposeTool | null> {
  if (app.host.kind === 'fake') return null;
  const now = app.clock.now();
  const last = known.get(app.exec);
  if (last && now - last.at < KNOWN_MS && (await last.tool)) return last.tool;
  const tool = probe(app.exec);
  known.set(app.exec, { at: now, tool });
  return tool;
}

async function probe(exec: Exec): Promise<ComposeTool | null> {
  const docker = exec.which('docker');
  const plugin = docker && (await exec.run([docker, 'compose', 'version', '--short'], { timeout: PROBE_MS }));
  if (docker && plugin && plugin.code === 0 && readVersion(plugin.stdout)) return { kind: 'plugin', version: readVersion(plugin.stdout)!, argv: [docker, 'compose'] };
  const old = exec.which('docker-compose');
  const said = old && (await exec.run([old, 'version', '--short'], { timeout: PROBE_MS }));
  const version = said && said.code === 0 ? readVersion(said.stdout) : null;
  return old && version ? { kind: 'standalone', version, argv: [old] } : null;
}

/** `1.29.2` of docker-compose, `v2.39.1` or `2.39.1` of the plugin; null: something else answered. */
export const readVersion = (text: string) => /^v?(\d+\.\d+\.\d+)/.exec(text.trim())?.[1] ?? null;

/** @throws AppError unsupported: in the demo, and where no tool is installed */
export async function needCompose(app: Pick<App, 'exec' | 'host' | 'clock'>): Promise<ComposeTool> {
  if (app.host.kind === 'fake') throw new AppError('unsupported', (t) => t.stacks.errors.demo);
  const tool = await findCompose(app);
  if (!tool) throw new AppError('unsupported', (t) => t.stacks.errors.noTool);
  return tool;
}

/** `docker-compose -p shop --project-directory /srv/shop -f /srv/shop/compose.yml up -d`. */
export function composeArgv(tool: ComposeTool, { name, folder, files, env }: ComposeFiles, verb: readonly string[]): [string, ...string[]] {
  return [
    ...tool.argv, '-p', name, ...(folder === null ? [] : ['--project-directory', folder]), ...files.flatMap((file) => ['-f', file]),
    ...(env ?? []).flatMap((file) => ['--env-file', file]), ...verb,
  ];
}

/** Runs the tool in the folder of the stack, on the engine that the panel uses. @param options.memory bytes that it may take */
export async function runCompose(app: Pick<App, 'exec' | 'engines'>, tool: ComposeTool, on: ComposeFiles, verb: readonly string[], { memory, ...options }: ExecOptions & { memory?: number } = {}): Promise<ExecResult> {
  const lent = await app.engines.lend();
  try {
    // A build says what it does line by line (BuildKit draws otherwise), and nobody is there to answer a question.
    const env = { ...lent.env, COMPOSE_PARALLEL_LIMIT: '8', COMPOSE_ANSI: 'never', BUILDKIT_PROGRESS: 'plain', ...options.env };
    return await app.exec.run([...bound(app, memory), ...composeArgv(tool, on, verb)] as [string, ...string[]], { ...options, ...(on.folder === null ? {} : { cwd: on.folder }), env });
  } finally {
    lent.done();
  }
}

/** A limit of the kernel on what it may write to memory, in bytes; only Linux has it, and not every one the tool. */
function bound(app: Pick<App, 'exec'>, memory: number | undefined): string[] {
  const prlimit = memory === undefined || process.platform !== 'linux' ? undefined : app.exec.which('prlimit');
  return prlimit ? [prlimit, `--data=${memory}`, '--'] : [];
}

/** @throws AppError unsupported when its files are not there (any more) */
export function needFiles(stack: Stack): asserts stack is Stack & { folder: string } {
  if (!hasFiles(stack)) throw new AppError('unsupported', (t) => t.stacks.errors.filesGone);
}
