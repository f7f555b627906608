/** Containers on the real engine of this machine, beside `docker ps -a`; nothing where no engine runs. */
import { engine, testContainers } from '../support/docker.ts';
import { probe } from '../support/needs.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { alone, median, type Measured, type Note } from './figures.ts';
import { cpuPercent } from './process.ts';

const LISTED = 100;
const RUNNING = 50;
const VIEWERS = 5;

export async function benchContainers(note: Note, { command, quick }: Measured) {
  const missing = probe('docker') ?? probe('busybox');
  if (missing) return note('containers', missing);
  const docker = engine();
  const containers = testContainers('bench');
  const panel = await runPanel(command);
  const over = new AbortController();
  try {
    for (let i = 0; i < LISTED; i++) {
      const { id } = await containers.run(['sleep', '100000']);
      if (i >= RUNNING) await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
    }
    const cookie = await setUp(panel);
    const page = async () => (await fetch(`${panel.url}/containers`, { headers: { cookie } })).text();
    const times = { page: [] as number[], ps: [] as number[], engine: [] as number[] };
    const time = async (into: number[], run: () => unknown) => {
      const from = performance.now();
      await run();
      into.push(performance.now() - from);
    };
    for (let i = 0; i < (quick ? 10 : 30); i++) {
      await time(times.page, page);
      await time(times.ps, () => Bun.spawnSync(['docker', 'ps', '-a']));
      await time(times.engine, () => docker.ask({ path: '/containers/json', query: { all: true } }));
    }
    note(`${LISTED} containers as a page`, `${median(times.page).toFixed(1)} ms = ${(median(times.page) / median(times.ps)).toFixed(2)} × docker ps -a`, `goal ≤ 1.0 ×; docker ps -a ${median(times.ps).toFixed(1)} ms, the engine's own answer ${median(times.engine).toFixed(1)} ms`);
    for (let i = 0; i < VIEWERS; i++) void fetch(`${panel.url}/containers/stream`, { headers: { cookie }, signal: over.signal }).then((answer) => answer.text()).catch(() => {});
    await Bun.sleep(5000);
    note(`CPU, ${RUNNING} running containers measured once a second, ${VIEWERS} pages`, `${(await cpuPercent(panel.pid, quick ? 10 : 30)).toFixed(1)} %`, 'goal ≤ 10 % of a core');
    const seen: number[] = [];
    for (let i = 0; i < (quick ? 5 : 15); i++) seen.push(await untilSeen(panel.url, cookie, async () => void (await containers.run(['sleep', '100000']))));
    note('from the start of a container to the event on the page', `${median(seen).toFixed(0)} ms, with what the engine needs to start it`, 'goal ≤ 200 ms');
  } finally {
    over.abort();
    await panel.stop();
    await containers.removeAll();
  }
}

/** ms from doing it until a page is told. */
async function untilSeen(url: string, cookie: string, run: () => Promise<void>): Promise<number> {
  const over = new AbortController();
  const answer = await fetch(`${url}/containers/stream`, { headers: { cookie }, signal: over.signal });
  const reader = answer.body!.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  // The changes that came with the stream itself.
  const quiet = performance.now() + 1000;
  const heard = (async () => {
    for (;;) {
      const text = await read();
      if (performance.now() > quiet && text.includes('event: changed')) return performance.now();
    }
  })();
  await Bun.sleep(1100);
  const from = performance.now();
  await run();
  const at = await heard;
  over.abort();
  return at - from;
}

if (import.meta.main) await alone(benchContainers);
