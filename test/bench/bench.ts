import { cpus, release, totalmem, type as osType } from 'node:os';
import { join } from 'node:path';
import { runPanel, setUp, signIn } from '../support/panel.ts';
import { benchBlocks } from './blocks.ts';
import { benchContainers } from './containers.ts';
import { benchFirewall } from './firewall.ts';
import { benchDownloads } from './download.ts';
import { median, print as note, range, whatIsMeasured } from './figures.ts';
import { benchHistory } from './history.ts';
import { benchListing } from './listing.ts';
import { benchLogs } from './logs.ts';
import { peers } from './peers.ts';
import { cpuPercent, pssMiB, tree } from './process.ts';
import { renderMs } from './render.ts';
import { benchProcesses } from './processes.ts';
import { benchSearch } from './search.ts';
import { benchServices } from './services.ts';
import { startMs } from './start.ts';
import { benchTerminal } from './terminal.ts';
import { benchUploads } from './upload.ts';

/**
 * `bun run bench [--quick]`: prints figures beside the goals and beside peers found on this machine; judges nothing.
 * Build the executable first (`bun run build`); without one the sources are measured and the table says so.
 */
console.log(`${osType()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, Bun ${Bun.version}`);
const measured = whatIsMeasured();
const { command, quick } = measured;
const seconds = quick ? 15 : 60;
console.log(`windows of ${seconds} s\n`);

const starts: number[] = [];
for (let i = 0; i < (quick ? 5 : 15); i++) {
  const started = await startMs([...command, 'serve', '--port', '{port}', '--data-dir', '{data}'], 18600 + i);
  starts.push(started.ms);
  await started.stop();
}
note('start to first answer, empty data directory', range(starts, 'ms'), 'goal ≤ 120 ms');

const panel = await runPanel(command);
const cookie = await setUp(panel);
// One session may have 100 streams.
const cookies = [cookie];
while (cookies.length < 5) cookies.push(await signIn(panel));
await Bun.sleep(quick ? 5_000 : 30_000);
const idlePss = pssMiB(tree(panel.pid));
note('PSS, idle, nobody connected', `${idlePss.toFixed(1)} MiB`, 'goal ≤ 85 MiB');
const idleCpu = await cpuPercent(panel.pid, seconds);
note('CPU, idle, nobody connected', `${idleCpu.toFixed(2)} %`, 'goal ≤ 0.2 % of a core');

const crowd = async (count: number, over: number) => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'clients.ts'), `${panel.url}/dashboard/stream`, cookies.join('\n'), String(count), String(over + 6)], {
    stdout: 'pipe', stderr: 'inherit',
    // Bun opens 256 connections at once unless told otherwise.
    env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: '2000' },
  });
  await Bun.sleep(4000);
  const cpu = await cpuPercent(panel.pid, over);
  const counted = JSON.parse((await new Response(child.stdout).text()).trim().split('\n').at(-1)!) as { events: number; bytes: number };
  return { cpu, samples: counted.events / count, bytes: counted.bytes / Math.max(1, counted.events) };
};
const one = await crowd(1, seconds);
note('CPU, one live dashboard at 1 Hz', `${one.cpu.toFixed(2)} %`, 'goal ≤ 0.5 % of a core');
note('bytes on the wire per second and page', `${one.bytes.toFixed(0)} B`);
const many = await crowd(500, Math.min(seconds, 30));
note('CPU, 500 live dashboards', `${many.cpu.toFixed(1)} %`, 'goal ≤ 15 % of a core');
note('samples a client: one / 500 connected', `${one.samples.toFixed(0)} in ${seconds + 6} s / ${many.samples.toFixed(0)} in ${Math.min(seconds, 30) + 6} s`, 'one reader for all');
note('PSS after 500 clients', `${pssMiB(tree(panel.pid)).toFixed(1)} MiB`);
await panel.stop();

const render = await renderMs(quick ? 200 : 1000);
note('dashboard HTML, p50 / p99', `${render.p50.toFixed(2)} / ${render.p99.toFixed(2)} ms`, 'goal ≤ 5 ms p50');
note('dashboard HTML, size', `${(render.bytes / 1000).toFixed(1)} KB, ${(render.compressed / 1000).toFixed(1)} KB compressed`);
note('first page with all assets, compressed', `${(render.firstPage / 1000).toFixed(1)} KB`, 'goal ≤ 150 KB');

await benchHistory(note);

console.log('\nfiles, beside what does the same on this machine');
for (const bench of [benchListing, benchUploads, benchDownloads, benchSearch]) await bench(note, measured);

console.log('\nterminals, beside what npm has of others');
await benchTerminal(note, command, { quick });

console.log('\nprocesses');
await benchProcesses(note, measured);

console.log('\ncontainers, beside the engine itself');
await benchContainers(note, measured);
await benchFirewall(note, measured);
await benchLogs(note, measured);

console.log('\nblocked addresses, beside nft itself');
await benchBlocks(note, measured);

console.log('\nservices of a machine with systemd');
await benchServices(note, measured);

console.log('\npeers on this machine, same run (those not installed are left out)');
await peers(note, { seconds, pss: idlePss, idle: idleCpu, live: one.cpu, start: median(starts) });
process.exit(0);
