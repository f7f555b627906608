import { afterAll, beforeAll, expect } from 'bun:test';
import { connect } from 'node:net';
import { pssMiB } from '../bench/process.ts';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Logs that are larger, or come faster, than anybody takes them. */
const it = needs('linux', 'docker', 'busybox');
const docker = engine();
const containers = testContainers('logs');
/** A page of yes(1) is a million lines a second; what JavaScript leaves behind until it is collected is in it. */
const GROWN_MOST = 200;
let panel: RunningPanel;
let cookie = '';

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel([process.execPath, 'src/main.ts']);
    cookie = await setUp(panel);
  });
  afterAll(async () => {
    await containers.removeAll();
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
  });
}

/** Lines of 800 letters: what waits in the kernel's own buffers is soon little beside what comes. */
const FLOOD = `i=0; while true; do n=0; while [ $n -lt 250 ]; do echo "line $i ${'of a flood that nobody reads '.repeat(28)}"; i=$((i+1)); n=$((n+1)); done; sleep 0.02; done`;
const LINE = 'a line of forty letters, more or less....\n';
/** Where a log is cut and begun anew, the engine (20.10) may tell lines twice to who follows it. */
const bounded = { HostConfig: { LogConfig: { Type: 'json-file', Config: { 'max-size': '600m' } } } };

interface Portion {
  lines: { time: [string, string]; segments: [string, string][] }[];
  left: number;
}

/** A browser that reads only when it is told to. */
function viewer(path: string) {
  const { hostname, port } = new URL(panel.url);
  const socket = connect(Number(port), hostname);
  const portions: Portion[] = [];
  let rest = '';
  let over = false;
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const events = (rest + text).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      // Pieces of the transfer encoding stand between lines of their own.
      const json = /event: lines\s+(?:[0-9a-f]+\r\n)?data: (\{.*\})/.exec(event.replaceAll(/\r\n[0-9a-f]+\r\n/g, ''))?.[1];
      if (json) portions.push(JSON.parse(json));
    }
  });
  socket.on('close', () => (over = true));
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\naccept: text/event-stream\r\n\r\n`);
  return { portions, pause: () => socket.pause(), resume: () => socket.resume(), close: () => socket.destroy(), isOver: () => over };
}

const ageOf = ({ lines }: Portion) => Date.now() - Date.parse(lines.at(-1)!.time[1]);
const afterOf = async (id: string) => /data-after="([^"]*)"/.exec(await (await fetch(`${panel.url}/containers/${id}/logs`, { headers: { cookie } })).text())![1]!;

it('S22 a page that stops reading holds nothing up and fills nothing; when it reads again it is told the newest, and how many it missed', async () => {
  const { id } = await containers.run(['sh', '-c', FLOOD], bounded);
  await until(async () => (await afterOf(id)) !== '');
  const path = `/containers/${id}/logs/stream?after=${encodeURIComponent(await afterOf(id))}`;
  const [stopped, live] = [viewer(path), viewer(path)];
  await until(() => stopped.portions.length > 3 && live.portions.length > 3);
  stopped.pause();
  const before = pssMiB([panel.pid]);
  const seen = live.portions.length;
  let most = 0;
  for (let i = 0; i < 30; i++) {
    await Bun.sleep(400);
    most = Math.max(most, pssMiB([panel.pid]));
  }
  expect(most - before).toBeLessThan(GROWN_MOST);
  // The other page stayed live meanwhile.
  expect(live.portions.length - seen).toBeGreaterThan(20);
  await until(() => ageOf(live.portions.at(-1)!) < 2000);
  expect(stopped.isOver()).toBe(false);
  const missed = stopped.portions.length;
  stopped.resume();
  await until(() => stopped.portions.length > missed + 3 && ageOf(stopped.portions.at(-1)!) < 2000);
  expect(Math.max(...stopped.portions.slice(missed).map(({ left }) => left))).toBeGreaterThan(2000);
  const numbers = stopped.portions.flatMap(({ lines }) => lines.map(({ segments }) => Number(/line (\d+)/.exec(segments[0]![0])![1])));
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  // All are accounted for: shown, or counted.
  const counted = stopped.portions.slice(1).reduce((sum, { lines, left }) => sum + lines.length + left, 0);
  expect(counted).toBe(numbers.at(-1)! - Number(/line (\d+)/.exec(stopped.portions[0]!.lines.at(-1)!.segments[0]![0])![1]));
  for (const one of [stopped, live]) one.close();
});

it('a log of 100 MB: its page, its filter and its download take no more memory than a small one', async () => {
  const { id } = await containers.run(['sh', '-c', `yes "${LINE.trim()}" | head -n 1000000; echo needle; printf "\\377 no text\\n"; head -c 1000000 /dev/zero | tr "\\0" w; echo; echo last`]);
  await docker.ask({ method: 'POST', path: `/containers/${id}/wait`, timeout: 300_000 });
  const get = async (path: string) => (await fetch(`${panel.url}/containers/${id}/logs${path}`, { headers: { cookie } })).text();
  const page = await get('?tail=10000');
  for (const words of ['needle', '\ufffd no text', 'last', 'w'.repeat(65_536)]) expect(page).toContain(words);
  expect(page).not.toContain('w'.repeat(65_537));
  expect(await get('?tail=all&q=needle')).toContain('needle');
  const before = pssMiB([panel.pid]);
  const answer = await fetch(`${panel.url}/containers/${id}/logs/download?plain=on`, { headers: { cookie } });
  let size = 0;
  let most = 0;
  let looked = 0;
  for await (const piece of answer.body!) {
    size += piece.length;
    if (size - looked < 4 << 20) continue;
    looked = size;
    // As slow as a bad line: whatever is read ahead would pile up.
    await Bun.sleep(100);
    most = Math.max(most, pssMiB([panel.pid]));
  }
  expect(size).toBe(1_000_000 * LINE.length + 'needle\n'.length + 12 + 1_000_001 + 'last\n'.length);
  expect(most - before).toBeLessThan(GROWN_MOST);
});
