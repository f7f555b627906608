/** A container that says 20,000 lines a second, followed by one page and by five, beside `docker logs -f`. */
import { engine, testContainers } from '../support/docker.ts';
import { probe } from '../support/needs.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { alone, median, type Measured, type Note } from './figures.ts';
import { cpuPercent, cpuSeconds, pssMiB, tree } from './process.ts';

const RATE = 20_000;
/** 1,000 lines each 50 ms, each with the moment in it. */
const SAYS = `while true; do t=$(cut -d' ' -f1 /proc/uptime); i=0; while [ $i -lt 1000 ]; do echo "$t a line of some length that says nothing new about anything at all"; i=$((i+1)); done; sleep 0.02; done`;

const uptimeMs = async () => Number((await Bun.file('/proc/uptime').text()).split(' ')[0]) * 1000;

interface Viewer {
  /** ms that the newest line of each portion was old when it came. */
  ages: number[];
  lines: number;
  left: number;
  bytes: number;
  stop(): void;
}

async function view(url: string, cookie: string): Promise<Viewer> {
  const over = new AbortController();
  const viewer: Viewer = { ages: [], lines: 0, left: 0, bytes: 0, stop: () => over.abort() };
  const answer = await fetch(url, { headers: { cookie }, signal: over.signal });
  void (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const piece of answer.body!) {
      viewer.bytes += piece.length;
      const events = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
      rest = events.pop()!;
      for (const event of events) {
        if (!event.includes('event: lines')) continue;
        const { lines, left } = JSON.parse(event.slice(event.indexOf('data: ') + 6)) as { lines: { segments: [string][] }[]; left: number };
        viewer.lines += lines.length;
        viewer.left += left;
        viewer.ages.push((await uptimeMs()) - Number(lines.at(-1)!.segments[0]![0].split(' ')[0]) * 1000);
      }
    }
  })().catch(() => {});
  return viewer;
}

/** As a browser does it: the page, and what comes after its last line. */
async function follow(url: string, id: string, cookie: string): Promise<Viewer> {
  const page = await (await fetch(`${url}/containers/${id}/logs?tail=100`, { headers: { cookie } })).text();
  const after = /data-after="([^"]*)"/.exec(page)![1]!;
  return view(`${url}/containers/${id}/logs/stream?tail=100&after=${encodeURIComponent(after)}`, cookie);
}

export async function benchLogs(note: Note, { command, quick }: Measured) {
  const missing = probe('docker') ?? probe('busybox');
  if (missing) return note('logs', missing);
  const containers = testContainers('bench-logs');
  const panel = await runPanel(command);
  const seconds = quick ? 8 : 20;
  try {
    const cookie = await setUp(panel);
    const { id } = await containers.run(['sh', '-c', SAYS], { HostConfig: { LogConfig: { Type: 'json-file', Config: { 'max-size': '50m', 'max-file': '2' } } } });
    await Bun.sleep(1000);
    const said = await rate(id, 3);
    const before = pssMiB(tree(panel.pid));
    for (const count of [1, 5]) {
      const viewers = await Promise.all(Array.from({ length: count }, () => follow(panel.url, id, cookie)));
      await Bun.sleep(2000);
      for (const viewer of viewers) viewer.ages.length = viewer.lines = viewer.left = viewer.bytes = 0;
      const cpu = await cpuPercent(panel.pid, seconds);
      const ages = viewers.flatMap((viewer) => viewer.ages);
      const each = (pick: (viewer: Viewer) => number) => viewers.reduce((sum, viewer) => sum + pick(viewer), 0) / count / seconds;
      note(`${(said / 1000).toFixed(0)},000 lines/s, ${count} page${count === 1 ? '' : 's'}: CPU of the panel`, `${cpu.toFixed(0)} % of a core`, `${each((one) => one.lines).toFixed(0)} lines/s shown, ${each((one) => one.left).toFixed(0)}/s left out, ${(each((one) => one.bytes) / 1024).toFixed(0)} KiB/s each`);
      note('  age of the newest line when it arrives', `${median(ages).toFixed(0)} ms, ${Math.max(...ages).toFixed(0)} at most`, 'the engine’s own buffers and 100 ms between portions are in it');
      note('  PSS of the panel, grown by', `${(pssMiB(tree(panel.pid)) - before).toFixed(1)} MiB`, `from ${before.toFixed(1)} MiB`);
      for (const viewer of viewers) viewer.stop();
      await Bun.sleep(500);
    }
    const docker = Bun.spawn(['docker', 'logs', '-f', '--tail', '100', id], { stdin: 'ignore', stdout: Bun.file('/dev/null'), stderr: 'ignore' });
    await Bun.sleep(2000);
    const used = cpuSeconds([docker.pid]);
    await Bun.sleep(seconds * 1000);
    note('  docker logs -f of the same, into nothing: its CPU', `${((100 * (cpuSeconds([docker.pid]) - used)) / seconds).toFixed(0)} % of a core`, 'it shows every line, and nobody reads them');
    docker.kill();
    await docker.exited;
  } finally {
    await panel.stop();
    await containers.removeAll();
  }
}

/** Lines a second that the engine really gets: the container is as fast as the machine lets it. */
async function rate(id: string, seconds: number): Promise<number> {
  const count = async () => {
    let n = 0;
    for await (const bytes of await engine().stream({ path: `/containers/${id}/logs`, query: { stdout: true, tail: 'all' } })) for (const byte of bytes) if (byte === 10) n++;
    return n;
  };
  const [first, from] = [await count(), performance.now()];
  await Bun.sleep(seconds * 1000);
  return Math.min(RATE * 100, ((await count()) - first) / ((performance.now() - from) / 1000));
}

if (import.meta.main) await alone(benchLogs);
