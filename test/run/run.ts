/**
 * Runs all tests, or those whose file name contains one of the given patterns, and ends with `N passed, N failed`.
 *
 * Three kinds, told apart by folder: types (tsc); quick ones in all of src/ and test/ (one `bun test --parallel`); and
 * slow ones in test/real and test/e2e. A slow file is a process of its own, so that what it leaves behind or how it dies
 * touches no other. Four run beside each other: more than there are processors, as each waits for machines and engines much
 * of its time; and of one group no more than can live side by side (groups.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../support/packages.ts';
import { startDockerEngine } from './engine.ts';
import { BROWSERS, type Group, groupsOf, next } from './groups.ts';
import { MACHINE_NETWORK, ownNetwork } from './network.ts';
import { type Outcome, add, failure, nothing, readReport, summaryLine } from './report.ts';

const root = join(import.meta.dir, '..', '..');
const reports = mkdtempSync(join(tmpdir(), 'mantou-test-'));
const minute = 60_000;
const WORKERS = 4;

async function main(patterns: string[]): Promise<number> {
  const files = testFiles().filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)));
  const slow = (folder: string) => files.filter((file) => file.startsWith(`test/${folder}/`));
  const quick = files.filter((file) => !/^test\/(real|e2e)\//.test(file));
  installPackages();
  const stopEngine = slow('real').length + slow('e2e').length > 0 ? await startDockerEngine() : null;
  const networks = await Promise.all(Array.from({ length: Math.min(BROWSERS, slow('e2e').length) }, (_, i) => ownNetwork(i)));
  let total = nothing();
  try {
    if (patterns.length === 0) total = add(total, await types());
    if (quick.length > 0) {
      total = add(total, await tests(`${quick.length} quick files`, quick, ['--parallel', '--timeout=60000'], 20 * minute));
    }
    total = add(total, await slowly(groupsOf(slow('real'), slow('e2e'), networks)));
  } finally {
    for (const network of networks) network.end();
    await stopEngine?.();
    rmSync(reports, { recursive: true, force: true });
  }
  for (const name of total.skips) console.log(`skipped: ${name}`);
  for (const name of total.failures) console.log(`failed: ${name}`);
  console.log(summaryLine(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Paths relative to the root, with forward slashes. test/soak runs by `bun run soak` only: it takes half an hour. */
function testFiles(): string[] {
  const found = [...new Bun.Glob('{src,test}/**/*.test.{ts,tsx}').scanSync({ cwd: root })];
  return found.map((file) => file.replaceAll('\\', '/')).filter((file) => !file.startsWith('test/soak/')).sort();
}

async function types(): Promise<Outcome> {
  const { code, text, ...took } = await start(['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'], 3 * minute);
  report('types', code === 0, took, text);
  return code === 0 ? { ...nothing(), passed: 1 } : failure('types (tsc --noEmit)');
}

/** Each of those who work takes what may run now, until nothing is left. */
async function slowly(groups: Group[]): Promise<Outcome> {
  let total = nothing();
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    for (;;) {
      const group = next(groups);
      if (!group) {
        if (groups.every(({ files }) => files.length === 0)) return;
        await Bun.sleep(500);
        continue;
      }
      const file = group.files.shift()!;
      const network = group.networks.pop();
      group.running++;
      const outcome = await tests(file, [file], [`--timeout=${10 * minute}`], 15 * minute, network?.inside);
      total = add(total, outcome);
      group.running--;
      if (network) group.networks.push(network);
    }
  }));
  return total;
}

async function tests(name: string, files: string[], flags: string[], limit: number, inside: string[] = []): Promise<Outcome> {
  const path = join(reports, `${Bun.hash(files.join('\n')).toString(36)}.xml`);
  const reporter = ['--only-failures', '--reporter=junit', `--reporter-outfile=${path}`];
  const paths = files.map((file) => `./${file}`);
  const { code, text, ...took } = await start(['test', '--no-orphans', ...flags, ...reporter, ...paths], limit, inside);
  const xml = Bun.file(path);
  const outcome = readReport((await xml.exists()) ? await xml.text() : null, files, code);
  report(`${name}: ${summaryLine(outcome)}`, outcome.failed === 0, took, text);
  return outcome;
}

interface Ended {
  code: number;
  text: string;
  /** From its start to its end, and of processors, with all that it started and waited for. */
  seconds: number;
  cpu: number;
}

/** Runs Bun with these arguments; a run past its limit is killed, and counts by the tests it did not report. */
async function start(args: string[], limit: number, inside: string[] = []): Promise<Ended> {
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
  return { code, text: [out, err].join('\n').trim(), seconds: (performance.now() - begin) / 1000, cpu: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6 };
}

/** The settings of somebody's own panel must not reach the tests. */
function environment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(MANTOU_|npm_(package|lifecycle)_)/.test(name));
  return { ...Object.fromEntries(own), NODE_ENV: 'test', TZ: process.env.TZ ?? 'UTC', [MACHINE_NETWORK]: `/proc/${process.pid}/ns/net` };
}

function report(line: string, ok: boolean, { seconds, cpu }: { seconds: number; cpu: number }, text: string): void {
  if (!ok && text) console.log(text);
  console.log(`${ok ? 'ok' : 'FAILED'} ${line} (${seconds.toFixed(1)} s, of processors ${cpu.toFixed(1)} s)`);
}

process.exit(await main(process.argv.slice(2)));
