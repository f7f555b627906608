import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { hideValues } from '../../../lib/hide-values.ts';
import { hostOf, hostPort } from '../../../lib/host-port.ts';
import type { App } from '../../app.ts';
import { addressOf, lookupAll, type Lookup } from '../../files/fetches/request.ts';
import { getSetting } from '../../settings/settings.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import type { GitUrl } from './git-url.ts';

/**
 * Repositories that images are built from. The panel fetches them itself: engines can as well (`remote` of POST /build),
 * but they go to whatever address a name leads to, which the panel could not hold against its setting (S19), need git in
 * their own surroundings, and know no passwords.
 */
export interface Checkout {
  url: GitUrl;
  /** Branch, tag or commit; empty: what the repository has checked out itself. */
  ref: string;
  user: string;
  password: string;
}

const FETCH_MS = 30 * 60_000;
/** A server that sends less than a byte a second for so long has gone. */
const QUIET_S = 60;
/** Before it, an address cannot be given beside a name (`http.curloptResolve`). */
const OLDEST = [2, 37];
/** What servers say that hand out no single commits, or serve plain files. */
const NOT_SHALLOW = /shallow|dumb|unadvertised|not our ref|does not support|remote ref/i;

export const buildsFolder = ({ config }: Pick<App, 'config'>) => join(config.dataDir, 'builds');

/** What a panel that was killed has left: all that is there at its start. What begins meanwhile stays. */
export async function sweepBuilds(app: Pick<App, 'config'>): Promise<void> {
  const folder = buildsFolder(app);
  const left = existsSync(folder) ? readdirSync(folder) : [];
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Gives `use` a folder with the files of a commit, without git's own; it is gone afterwards, however it ends. @throws AppError */
export async function withCheckout<T>(app: App, task: TaskContext, checkout: Checkout, use: (path: string) => Promise<T>, lookup: Lookup = lookupAll): Promise<T> {
  const place = join(buildsFolder(app), app.random.id());
  await mkdir(place, { recursive: true, mode: 0o700 });
  try {
    const files = join(place, 'files');
    await fetchInto(app, task, checkout, { place, files }, lookup);
    return await use(files);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function fetchInto(app: App, task: TaskContext, checkout: Checkout, { place, files }: { place: string; files: string }, lookup: Lookup): Promise<void> {
  const { url, ref } = checkout;
  const tool = await needGit(app);
  const address = await addressOf(new URL(`http://${url.host}:${url.port}/`), lookup, getSetting(app, 'fetchPrivate'));
  task.log(`${url.text}${ref ? ` ${ref}` : ''} at ${address}`);
  const env = await surroundings(checkout, address, place);
  const git = async (...words: string[]) => {
    const result = await app.exec.run([tool, ...words], { env, timeout: FETCH_MS, signal: task.signal });
    task.signal.throwIfAborted();
    return result;
  };
  const ok = async (...words: string[]) => {
    const result = await git(...words);
    if (result.code !== 0 || result.ended) throw refused(checkout, result);
    return result.stdout.trim();
  };
  // `git://` has no other way to say which address is meant.
  const source = url.scheme === 'git' ? `git://${hostPort({ address, port: url.port })}${url.path}` : url.text;
  await ok('init', '--quiet', '--template=', '--', files);
  const fetch = ['-C', files, 'fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  let result = await git(...fetch, '--depth=1', '--', source, ref || 'HEAD');
  if (result.code !== 0 && NOT_SHALLOW.test(result.stderr)) {
    task.log('the server hands out no single commits: all of its history is fetched');
    result = await git(...fetch, '--', source, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*', ...(ref ? [] : ['+HEAD:refs/mantou/head']));
    if (result.code !== 0) throw refused(checkout, result);
    await ok('-C', files, 'checkout', '--quiet', '--force', '--detach', await commitOf(git, files, ref), '--');
  } else {
    if (result.code !== 0 || result.ended) throw refused(checkout, result);
    await ok('-C', files, 'checkout', '--quiet', '--force', '--detach', 'FETCH_HEAD', '--');
  }
  task.log(`commit ${await ok('-C', files, 'rev-parse', 'HEAD')}`);
  if (existsSync(join(files, '.gitmodules'))) task.log('its submodules are not fetched: they may lead anywhere');
  await rm(join(files, '.git'), { recursive: true, force: true });
}

/** What a ref means in all that was fetched. @throws AppError invalid */
async function commitOf(git: (...words: string[]) => Promise<{ code: number; stdout: string }>, files: string, ref: string): Promise<string> {
  for (const name of ref ? [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`, ref] : ['refs/mantou/head']) {
    const { code, stdout } = await git('-C', files, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
    if (code === 0) return stdout.trim();
  }
  throw new AppError('invalid', (t) => t.imageBuild.errors.noRef({ ref }));
}

async function needGit(app: App): Promise<string> {
  // The demo fetches nothing from anywhere.
  const tool = app.config.demo ? undefined : app.exec.which('git');
  if (!tool) throw new AppError('unsupported', (t) => t.imageBuild.errors.noGit);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec((await app.exec.run([tool, '--version'], { timeout: 10_000 })).stdout) ?? [];
  const [x, y] = OLDEST as [number, number];
  if (Number(major) < x || (Number(major) === x && Number(minor) < y)) throw new AppError('unsupported', (t) => t.imageBuild.errors.oldGit({ version: `${major}.${minor}`, oldest: OLDEST.join('.') }));
  return tool;
}

/**
 * Nothing of the machine's or the account's own settings but the keys and known hosts of ssh; the address that was
 * checked, whatever the name says a moment later; no redirects, no other schemes, no questions. What is secret travels
 * here and never in arguments.
 */
async function surroundings({ url, user, password }: Checkout, address: string, place: string): Promise<Record<string, string>> {
  const bare = url.host.replace(/^\[(.*)\]$/, '$1');
  const config: Record<string, string> = {
    'core.hooksPath': devNull, 'core.autocrlf': 'false', 'core.fsmonitor': 'false', 'submodule.recurse': 'false', 'credential.helper': '',
    'http.followRedirects': 'false', 'http.proxy': '', 'http.lowSpeedLimit': '1', 'http.lowSpeedTime': String(QUIET_S),
    'http.curloptResolve': `${bare}:${url.port}:${hostOf(address)}`,
    ...(password && url.scheme.startsWith('http') ? { 'http.extraHeader': `Authorization: Basic ${Buffer.from(`${user || 'git'}:${password}`).toString('base64')}` } : {}),
  };
  const settings = Object.entries(config).flatMap(([key, value], i) => [[`GIT_CONFIG_KEY_${i}`, key], [`GIT_CONFIG_VALUE_${i}`, value]]);
  const env = {
    ...Object.fromEntries(settings) as Record<string, string>, GIT_CONFIG_COUNT: String(settings.length / 2), GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull,
    GIT_ALLOW_PROTOCOL: url.scheme, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', GIT_LFS_SKIP_SMUDGE: '1',
  };
  if (url.scheme !== 'ssh') return env;
  const path = join(place, 'ssh_config');
  // Listed under the name that was written, wherever the connection goes.
  const alias = url.port === 22 ? bare : `[${bare}]:${url.port}`;
  await writeFile(path, `Host *\n  HostName ${address}\n  HostKeyAlias ${alias}\n  BatchMode yes\n  StrictHostKeyChecking yes\n  ConnectTimeout 20\n  ServerAliveInterval 15\n  ProxyCommand none\n`, { mode: 0o600 });
  // git hands this to a shell: a line of ours that never changes, and the one value in it is a variable.
  return { ...env, GIT_SSH_COMMAND: 'ssh -F "$MANTOU_SSH_CONFIG"', GIT_SSH_VARIANT: 'ssh', MANTOU_SSH_CONFIG: path };
}

function refused({ url, password }: Checkout, { stderr, stdout, ended }: { stderr: string; stdout: string; ended?: string }): AppError {
  const said = (stderr || stdout || (ended ?? '')).trim().split('\n').slice(-8).join('\n');
  return new AppError('unavailable', (t) => t.imageBuild.errors.fetch({ url: url.text, message: hideValues(said, [password]) }));
}
