import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pssMiB } from './process.ts';
import { ourTerminals, peerTerminals, type Line, type TerminalServer } from './terminal-lines.ts';

type Note = (what: string, figure: string, goal?: string) => void;

interface Figures {
  cat: number;
  /** CPU seconds of the server for it. */
  catCpu: number;
  seq: number;
  echo: number[];
  echoLoaded: number[];
  silence: number[];
  grown: number;
}

const CAT_MIB = 64;
const percentile = (values: number[], p: number) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]!;
const median = (values: number[]) => percentile(values, 0.5);

/** CPU of whole processes, also of threads that have ended: proc(5), /proc/pid/stat, utime and stime in ticks of 10 ms. */
const cpuSeconds = (pids: readonly number[]) =>
  pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);

/** Sends and waits until the output has the text; ms. */
function untilText(line: Line, send: string, wanted: string, seconds = 120): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const late = setTimeout(() => reject(new Error(`${JSON.stringify(wanted)} did not come in ${seconds} s`)), seconds * 1000);
  let tail = '';
  const begun = performance.now();
  line.onText = (text) => {
    // Only the end of a long piece can be new to it.
    tail = (tail + text).slice(-Math.max(text.length, 200));
    if (!tail.includes(wanted)) return;
    clearTimeout(late);
    resolve(performance.now() - begun);
  };
  line.send(send);
  return promise;
}

/** A shell that says nothing of its own but a prompt that is told from output. */
async function quietShell(server: TerminalServer): Promise<Line> {
  const line = await server.open();
  await untilText(line, `bind 'set enable-bracketed-paste off'; PS1='READ''Y> '; echo go\r`, 'READY> ');
  return line;
}

/** One key at a time: from the key to its echo. */
async function echoes(line: Line, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 40 === 39) await untilText(line, '\x15', '', 10).catch(() => {});
    times.push(await untilText(line, 'k', 'k', 20));
    await Bun.sleep(2);
  }
  await untilText(line, '\x03', 'READY> ');
  return times;
}

async function measure(server: TerminalServer, file: string, quick: boolean): Promise<Figures> {
  const bytes = (CAT_MIB << 20) * (77 / 76);
  const line = await quietShell(server);
  const cats = quick ? 2 : 3;
  const cpu = cpuSeconds(server.pids());
  const cat = await best(cats, () => untilText(line, `cat ${file}; echo en""d\r`, 'end\r\n'));
  const catCpu = (cpuSeconds(server.pids()) - cpu) / cats;
  const seq = await best(quick ? 1 : 2, () => untilText(line, `seq 1 2000000; echo en""d\r`, 'end\r\n'));
  const echo = await echoes(line, quick ? 150 : 400);
  const flood = await quietShell(server);
  await untilText(flood, 'yes\r', 'y\r\ny\r\n');
  flood.onText = () => {};
  const echoLoaded = await echoes(line, quick ? 100 : 250);
  const silence = [await untilText(flood, '\x03', 'READY> ')];
  for (let i = 0; i < (quick ? 2 : 4); i++) {
    await untilText(flood, 'yes\r', 'y\r\ny\r\n');
    await Bun.sleep(300);
    silence.push(await untilText(flood, '\x03', 'READY> '));
  }
  flood.close();
  line.close();
  const grown = await stoppedViewer(server);
  return { cat: bytes / 1e3 / cat, catCpu, seq: 16.9e6 / 1e3 / seq, echo, echoLoaded, silence, grown };
}

async function best(times: number, run: () => Promise<number>) {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await run());
  return median(all);
}

/** MiB that the server grows by while a viewer of `yes` reads nothing for six seconds: the viewer is a process that is stopped. */
async function stoppedViewer(server: TerminalServer): Promise<number> {
  const before = pssMiB(server.pids());
  const line = await quietShell(server);
  await untilText(line, 'yes\r', 'y\r\ny\r\n');
  let most = 0;
  // The process that reads is this one: what it does not take stays with the server.
  const until = performance.now() + 6000;
  while (performance.now() < until) Bun.sleepSync(100);
  most = Math.max(most, pssMiB(server.pids()));
  line.onText = () => {};
  await untilText(line, '\x03', 'READY> ', 300).catch(() => {});
  line.close();
  return most - before;
}

/** What fifty terminals cost that nobody uses, and what the quiet ones feel while five of them flood. */
async function many(server: TerminalServer, seconds: number) {
  const first = await quietShell(server);
  const before = pssMiB(server.pids());
  const lines: Line[] = [];
  for (let i = 0; i < 50; i++) lines.push(await quietShell(server));
  await Bun.sleep(1000);
  const memory = (pssMiB(server.pids()) - before) / 50;
  const cpu = cpuSeconds(server.pids());
  await Bun.sleep(seconds * 1000);
  const idle = ((cpuSeconds(server.pids()) - cpu) / seconds) * 100;
  for (const line of lines.slice(0, 5)) {
    await untilText(line, 'yes\r', 'y\r\n');
    line.onText = () => {};
  }
  const times: number[] = [];
  for (const line of lines.slice(5, 15)) times.push(...(await echoes(line, 20)));
  for (const line of [first, ...lines]) line.close();
  return { memory, idle, times };
}

/** p50 and p99 of a page of the panel while `yes` runs, watched. */
async function healthUnderYes(server: TerminalServer) {
  const line = await quietShell(server);
  await untilText(line, 'yes\r', 'y\r\ny\r\n');
  line.onText = () => {};
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const begun = performance.now();
    await (await fetch(server.health!)).text();
    times.push(performance.now() - begun);
    await Bun.sleep(10);
  }
  line.close();
  return times;
}

/** Terminals: ours, and those of others that can be had, each alone, by the same client. */
export async function benchTerminal(note: Note, command: readonly string[], { quick = false, seconds = 10 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-cat-'));
  const file = join(folder, 'text');
  // Lines of 75 letters and a line feed, which the terminal makes two of.
  await Bun.write(file, `${'The quick brown fox jumps over the lazy dog. 0123456789 '.repeat(2).slice(0, 75)}\n`.repeat((CAT_MIB << 20) / 76));
  const ms = (values: number[]) => `${percentile(values, 0.5).toFixed(2)} / ${percentile(values, 0.99).toFixed(2)} ms`;
  try {
    const ours = await ourTerminals(command);
    // Its shells would outlive a bench that fails.
    const endOurs = async (error: unknown): Promise<never> => {
      await ours.stop();
      throw error;
    };
    const mine = await measure(ours, file, quick).catch(endOurs);
    note('terminal: cat of 64 MiB to its end', `${mine.cat.toFixed(1)} MB/s`);
    note('… CPU of the server', `${mine.catCpu.toFixed(2)} s`);
    note('terminal: seq 1 2000000 to its end', `${mine.seq.toFixed(1)} MB/s`);
    note('terminal: echo of one key, p50 / p99', ms(mine.echo));
    note('… while another terminal floods', ms(mine.echoLoaded));
    note('terminal: Ctrl C in a flood to the prompt', `${median(mine.silence).toFixed(1)} ms`);
    note('terminal: memory by a viewer that stops reading', `${mine.grown.toFixed(1)} MiB`);
    const crowd = await many(ours, seconds).catch(endOurs);
    note('50 idle terminals: CPU of all, PSS of each', `${crowd.idle.toFixed(2)} %, ${crowd.memory.toFixed(2)} MiB`, 'goal ≤ 5 %, ≤ 2 MiB');
    note('50 terminals, 5 flood: echo p50 / p99 in the quiet', ms(crowd.times), 'goal p99 ≤ 50 ms');
    note('/healthz while `yes` runs, p50 / p99', ms(await healthUnderYes(ours).catch(endOurs)), 'goal p99 ≤ 20 ms');
    await ours.stop();
    for (const peer of await peerTerminals((what) => note(what, ''))) {
      try {
        const theirs = await measure(peer, file, quick);
        const ratio = (a: number, b: number) => `${(a / b).toFixed(2)} × theirs`;
        note(`${peer.name}: cat`, `${theirs.cat.toFixed(1)} MB/s`, ratio(mine.cat, theirs.cat));
        note(`${peer.name}: … CPU of the server`, `${theirs.catCpu.toFixed(2)} s`, ratio(mine.catCpu, theirs.catCpu));
        note(`${peer.name}: seq`, `${theirs.seq.toFixed(1)} MB/s`, ratio(mine.seq, theirs.seq));
        note(`${peer.name}: echo, p50 / p99`, ms(theirs.echo), ratio(median(mine.echo), median(theirs.echo)));
        note(`${peer.name}: … in a flood`, ms(theirs.echoLoaded), ratio(median(mine.echoLoaded), median(theirs.echoLoaded)));
        note(`${peer.name}: Ctrl C to the prompt`, `${median(theirs.silence).toFixed(1)} ms`, ratio(median(mine.silence), median(theirs.silence)));
        note(`${peer.name}: memory by a stopped viewer`, `${theirs.grown.toFixed(1)} MiB`);
      } catch (error) {
        note(`${peer.name}: ${(error as Error).message}`, '');
      } finally {
        await peer.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const built = join(import.meta.dir, '../../dist', `mantou-linux-${process.arch === 'arm64' ? 'arm64' : 'x64'}`);
  const command = existsSync(built) ? [built] : [process.execPath, join(import.meta.dir, '../../src/main.ts')];
  await benchTerminal((what, figure, goal = '') => console.log(`  ${what.padEnd(52)} ${figure.padStart(20)}  ${goal}`), command, { quick: process.argv.includes('--quick') });
  process.exit(0);
}
