/**
 * Runs all tests, or those whose file name contains one of the given patterns, and ends with `N passed, N failed`.
 *
 * Three kinds, told apart by folder: types (tsc); quick ones in all of src/ and test/ (one `bun test --parallel`); and
 * slow ones in test/real and test/e2e. A slow file is a process of its own, so that what it leaves behind or how it dies
 * touches no other. They run in three lanes beside each other, the files of a lane one after another: the browser; what
 * shares this machine and its engine; and what has a throw-away machine of its own, which mostly waits for it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../support/packages.ts';
import { startDockerEngine } from './engine.ts';
import { ownNetwork } from './network.ts';
import { type Outcome, add, failure, nothing, readReport, summaryLine } from './report.ts';

const root = join(import.meta.dir, '..', '..');
const reports = mkdtempSync(join(tmpdir(), 'mantou-test-'));
const minute = 60_000;

async function main(patterns: string[]): Promise<number> {
  const files = testFiles().filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));
  const slow = (folder: string) => files.filter((file) => file.startsWith(`test/${folder}/`));
  const quick = files.filter((file) => !/^test\/(real|e2e)\//.test(file));
  installPackages();
  const stopEngine = slow('real').length + slow('e2e').length > 0 ? await startDockerEngine() : null;
  const network = slow('e2e').length > 0 ? await ownNetwork() : null;
  let total = nothing();
  try {
    if (patterns.length === 0) total = add(total, await types());
    if (quick.length > 0) {
      total = add(total, await tests(`${quick.length} quick files`, quick, ['--parallel', '--timeout=20000'], 10 * minute));
    }
    const [hosts, rest] = [slow('real').filter((file) => !LAST.test(file) && onHost(file)), slow('real').filter((file) => !LAST.test(file) && !onHost(file))];
    const lanes = await Promise.all([lane(rest), lane(hosts), lane(slow('e2e'), network?.inside)]);
    total = lanes.reduce(add, total);
    total = add(total, await lane(slow('real').filter((file) => LAST.test(file))));
  } finally {
    network?.end();
    await stopEngine?.();
    rmSync(reports, { recursive: true, force: true });
  }
  for (const name of total.skips) console.log(`skipped: ${name}`);
  for (const name of total.failures) console.log(`failed: ${name}`);
  console.log(summaryLine(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/**
 * Hosts with systemd and an engine in them mount hierarchies of control groups that this machine has not. The kernel keeps these
 * for a while, and Docker 20.10 measures no container meanwhile ("no metrics received").
 */
const LAST = /^test\/real\/docker-(install|settings)\./;

const onHost = (file: string) => readFileSync(join(root, file), 'utf8').includes('support/systemd-host.ts');

/** Paths relative to the root, with forward slashes. test/soak runs by `bun run soak` only: it takes half an hour. */
function testFiles(): string[] {
  const found = [...new Bun.Glob('{src,test}/**/*.test.{ts,tsx}').scanSync({ cwd: root })];
  return found.map((file) => file.replaceAll('\\', '/')).filter((file) => !file.startsWith('test/soak/')).sort();
}

async function types(): Promise<Outcome> {
  const { code, text, seconds } = await start(['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'], 3 * minute);
  report('types', code === 0, seconds, text);
  return code === 0 ? { ...nothing(), passed: 1 } : failure('types (tsc --noEmit)');
}

/** @param inside words before the command line of each file, such as those that enter a namespace */
async function lane(files: string[], inside: string[] = []): Promise<Outcome> {
  let total = nothing();
  for (const file of files) total = add(total, await tests(file, [file], ['--timeout=120000'], 8 * minute, inside));
  return total;
}

async function tests(name: string, files: string[], flags: string[], limit: number, inside: string[] = []): Promise<Outcome> {
  const path = join(reports, `${Bun.hash(files.join('\n')).toString(36)}.xml`);
  const reporter = ['--only-failures', '--reporter=junit', `--reporter-outfile=${path}`];
  const paths = files.map((file) => `./${file}`);
  const { code, text, seconds } = await start(['test', '--no-orphans', ...flags, ...reporter, ...paths], limit, inside);
  const xml = Bun.file(path);
  const outcome = readReport((await xml.exists()) ? await xml.text() : null, files, code);
  report(`${name}: ${summaryLine(outcome)}`, outcome.failed === 0, seconds, text);
  return outcome;
}

/** Runs Bun with these arguments; a run past its limit is killed, and counts by the tests it did not report. */
async function start(args: string[], limit: number, inside: string[] = []): Promise<{ code: number; text: string; seconds: number }> {
  const begin = performance.now();
  const child = Bun.spawn([...inside, process.execPath, ...args], {
    cwd: root,
    env: environment(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: limit,
    killSignal: 'SIGKILL',
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, text: [out, err].join('\n').trim(), seconds: (performance.now() - begin) / 1000 };
}

/** The settings of somebody's own panel must not reach the tests. */
function environment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(MANTOU_|npm_(package|lifecycle)_)/.test(name));
  return { ...Object.fromEntries(own), NODE_ENV: 'test', TZ: process.env.TZ ?? 'UTC' };
}

function report(line: string, ok: boolean, seconds: number, text: string): void {
  if (!ok && text) console.log(text);
  console.log(`${ok ? 'ok' : 'FAILED'} ${line} (${seconds.toFixed(1)} s)`);
}

process.exit(await main(process.argv.slice(2)));
