/**
 * `bun run build [--target NAME]… [--outdir DIR] [--no-check]`: one executable for each target, with everything inside.
 * Without --target it is made for this machine; `--target all` makes all of them. Writes SHA256SUMS beside them.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { embedAssets } from './scripts/embed.ts';
import { licenseText } from './scripts/licenses.ts';

const root = import.meta.dir;
const targets = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'windows-x64', 'darwin-arm64'] as const;
type Target = (typeof targets)[number];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      outdir: { type: 'string', default: 'dist' },
      'no-check': { type: 'boolean' },
    },
  });
  const wanted = chooseTargets(values.target ?? [thisMachine()]);
  if (!values['no-check'] && !checkTypes()) return 1;
  const outdir = resolve(root, values.outdir);
  mkdirSync(outdir, { recursive: true });
  mkdirSync(join(root, '.build'), { recursive: true });
  // A folder of its own for each run: two builds at once must not write into each other's assets.
  const work = mkdtempSync(join(root, '.build', 'run-'));
  try {
    const assets = join(work, 'assets');
    const { hash, files } = embedAssets(join(root, 'public'), assets, { 'licenses.txt': licenseText(root) });
    console.log(`${Object.keys(files).length} assets, ${hash}`);
    for (const target of wanted) await compile(target, assets, work, outdir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
}

function chooseTargets(names: string[]): Target[] {
  if (names.includes('all')) return [...targets];
  const unknown = names.find((name) => !targets.includes(name as Target));
  if (unknown) throw new Error(`--target ${unknown}: it is one of ${targets.join(', ')}, all.`);
  return names as Target[];
}

function thisMachine(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const musl = os === 'linux' && existsSync('/lib/ld-musl-x86_64.so.1');
  return `${os}-${process.arch}${musl ? '-musl' : ''}`;
}

function checkTypes(): boolean {
  const argv = [process.execPath, 'node_modules/typescript/bin/tsc', '--noEmit'];
  return Bun.spawnSync(argv, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).exitCode === 0;
}

async function compile(target: Target, assets: string, work: string, outdir: string): Promise<void> {
  const begin = performance.now();
  const name = `mantou-${target}${target.startsWith('windows') ? '.exe' : ''}`;
  const made = join(work, name);
  await Bun.build({
    entrypoints: [join(root, 'src/main.ts')],
    // Named, because Bun looks for it from the folder it was started in.
    tsconfig: join(root, 'tsconfig.json'),
    minify: true,
    bytecode: true,
    // With CommonJS, bytecode keeps this machine's folder as import.meta.dir, and assets are found nowhere else.
    format: 'esm',
    // Costs 2 MB and nothing at start: what is logged of a bug then names the line it was written in.
    sourcemap: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    compile: {
      target: `bun-${target}`,
      outfile: made,
      assets: [assets],
      // The panel runs as root in whatever folder it is started from: files lying there are not its settings.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  });
  const bytes = readFileSync(made);
  recordSum(outdir, name, createHash('sha256').update(bytes).digest('hex'));
  // The old one may be running: it is replaced, not written into.
  renameSync(made, join(outdir, name));
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${join(basename(outdir), name)} ${(bytes.length / 2 ** 20).toFixed(1)} MiB in ${seconds} s`);
}

/** SHA256SUMS as `sha256sum -c` reads it; what another run made keeps its line. */
function recordSum(outdir: string, name: string, sum: string): void {
  const path = join(outdir, 'SHA256SUMS');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const kept = lines.filter((line) => !line.endsWith(`  ${name}`));
  writeFileSync(path, [...kept, `${sum}  ${name}`].sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('\n') + '\n');
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message, errors } = error as AggregateError;
  console.error(['build:', message, ...(errors ?? []).map(String)].join(' '));
  process.exitCode = 1;
}
