/**
 * Makes a fresh clone ready to run: the pinned Bun and the locked dependencies, and nothing when both are there.
 *
 * Plain JavaScript, because it runs before anything is installed: under Node ≥ 20, or under any Bun when there is no
 * Node at all (`bun start` runs `node …`, and Bun answers to that name where it finds no Node).
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const windows = process.platform === 'win32';
const minimumNode = 20;

/**
 * Installs what is missing and returns the path of the pinned Bun.
 * Ends the process with one line on stderr when that cannot be done.
 *
 * @returns {string} absolute path of a Bun of exactly the version that package.json pins
 */
export function bootstrap() {
  const node = Number(process.versions.node.split('.')[0]);
  if (!process.versions.bun && node < minimumNode) {
    fail(`Node ${process.versions.node} is too old: Mantou needs Node ${minimumNode} or newer (or Bun alone: bun start).`);
  }
  const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  const version = /^bun@(\d+\.\d+\.\d+)$/.exec(pinned)?.[1];
  if (!version) fail(`package.json: "packageManager" must be bun@x.y.z, and is ${JSON.stringify(pinned)}.`);
  const bun = findBun(version) ?? installBun(version);
  installDependencies(bun, version);
  return bun;
}

/**
 * Runs the pinned Bun in the foreground, hands signals on to it, and ends as it ends.
 *
 * @param {string} bun path that bootstrap() returned
 * @param {string[]} args
 */
export function run(bun, args) {
  const child = spawn(bun, args, { cwd: root, stdio: 'inherit', env: withPinnedBun(bun) });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself: sent on as well, it would count as the second, impatient one.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  followPackageManager(child);
  child.on('error', (error) => fail(`Bun could not be started (${bun}): ${error.message}`));
  child.on('exit', (code, signal) => {
    const numbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
    process.exit(code ?? 128 + (numbers[signal] ?? 1));
  });
}

/**
 * npm hands SIGTERM to the shell that it started us by, and dash dies of it without a word to us: so when that shell
 * is gone, its stop was meant for us. Without a package manager above, an orphan is somebody's `nohup`, and stays.
 */
function followPackageManager(child) {
  const parent = process.ppid;
  if (windows || !process.env.npm_lifecycle_event) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}

/** Scripts that say `bun` mean the pinned one. */
function withPinnedBun(bun) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: [dirname(bun), process.env[key]].filter(Boolean).join(delimiter) };
}

/** @returns {string | undefined} a Bun of that version that is already here */
function findBun(version) {
  const here = process.versions.bun === version ? [process.execPath] : [];
  return [...here, ...installedBuns(), windows ? 'bun.exe' : 'bun'].find((bun) => answers(bun, version));
}

/**
 * Where the packages put the binary. The platform's own package comes first: `bun` itself only holds it after its
 * install script ran, and npm ≥ 11.19 does not run those. Where it ran, it may have moved the binary.
 */
function installedBuns() {
  const name = windows ? 'bun.exe' : 'bun';
  const platforms = join(tools, 'node_modules', '@oven');
  const packages = existsSync(platforms) ? readdirSync(platforms).map((dir) => join(platforms, dir, 'bin', name)) : [];
  return [...packages, join(tools, 'node_modules', 'bun', 'bin', 'bun.exe')].filter((path) => existsSync(path));
}

function answers(bun, version) {
  const result = spawnSync(bun, ['--version'], { encoding: 'utf8', timeout: 20_000, windowsHide: true });
  return result.status === 0 && result.stdout.trim() === version;
}

function installBun(version) {
  say(`Installing Bun ${version} into .tools …`);
  mkdirSync(tools, { recursive: true });
  // A package.json of its own: without one, both installers walk up and find the project's.
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  const attempts = [
    npm(['install', '--prefix', '.', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `bun@${version}`]),
    // npm < 10.4 does not know `libc`, and an `omit=optional` in somebody's settings leaves the platform's package out.
    npm(['install', '--prefix', '.', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--force', platformPackage(version)]),
    process.versions.bun && [process.execPath, ['add', '--exact', `bun@${version}`, platformPackage(version)], {}],
  ];
  let said = '';
  for (const attempt of attempts.filter(Boolean)) {
    const [command, args, options] = attempt;
    const result = spawnSync(command, args, { cwd: tools, encoding: 'utf8', windowsHide: true, ...options });
    const bun = installedBuns().find((path) => answers(path, version));
    if (bun) return bun;
    said = result.error?.code === 'ENOENT' ? said || 'npm was not found' : reason(result);
  }
  return fail(`Bun ${version} could not be installed from the npm registry: ${said || 'it is not made for this system'}.`);
}

/** @returns {[string, string[], object]} how to start npm: by the npm that started us, else by its name */
function npm(args) {
  const started = process.env.npm_execpath ?? '';
  if (!process.versions.bun && /npm-cli\.js$/.test(started)) return [process.execPath, [started, ...args], {}];
  // npm is a .cmd on Windows, which starts only through a shell; the arguments are all constants of this file.
  return ['npm', args, { shell: windows }];
}

/** e.g. `@oven/bun-linux-x64-musl@1.4.5`: the names of Bun's platform packages */
function platformPackage(version) {
  const os = windows ? 'windows' : process.platform;
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch;
  const musl = os === 'linux' && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'));
  return `@oven/bun-${os}-${arch}${musl ? '-musl' : ''}@${version}`;
}

/** The stamp says which lock file, Bun and system node_modules was made for; any difference installs again. */
function installDependencies(bun, version) {
  const lock = readFileSync(join(root, 'bun.lock'));
  const wanted = `${createHash('sha256').update(lock).digest('hex')} bun-${version} ${process.platform}-${process.arch}\n`;
  const stamp = join(root, 'node_modules', '.mantou-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing the locked dependencies …');
  const result = spawnSync(bun, ['install', '--frozen-lockfile', '--no-progress'], {
    cwd: root,
    encoding: 'utf8',
    windowsHide: true,
  });
  if (result.status !== 0) fail(`The dependencies could not be installed: ${reason(result)}.`);
  writeFileSync(stamp, wanted);
}

/** The line that tells most of what an installer said: npm says the code first and its advice last, Bun says `error: …`. */
function reason(result) {
  const text = result.error?.message || `${result.stderr || ''}`.trim() || `${result.stdout || ''}`.trim();
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim()).filter(Boolean);
  const telling = [/^error: /, /request to .* failed|getaddrinfo|no space|EACCES|permission/i, /\bE[A-Z]{4,}\b/];
  const line = telling.map((pattern) => lines.find((each) => pattern.test(each))).find(Boolean) ?? lines.at(-1) ?? 'no reason given';
  return line.replace(/^error: /, '').replace(/\.$/, '');
}

/** Notes go to stderr, so that stdout stays what was asked for (`npm start -- version`). */
function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(`mantou: ${text}`);
  process.exit(1);
}
