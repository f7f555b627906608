import { join } from 'node:path';
import { createLinuxHost } from '../../src/platform/linux/host.ts';
import { exec } from '../../src/platform/exec.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { until } from '../support/until.ts';
import { alone, range, type Bench } from './figures.ts';
import { cpuPercent } from './process.ts';

const SLEEPERS = 2000;

/** The list of two thousand processes: one look at all of them, and a panel that tells a page once a second what has changed. */
export const benchProcesses: Bench = async (note, { command, quick }) => {
  const sleepers = Array.from({ length: SLEEPERS }, (_, i) => Bun.spawn(['/bin/sleep', `${4000 + i}`], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }));
  try {
    const { processes } = createLinuxHost(exec, { place: () => '', show: () => '', run: async () => '' }, '/nonexistent');
    const looks: number[] = [];
    for (let i = 0; i < (quick ? 15 : 60); i++) {
      const began = process.cpuUsage();
      const rows = await processes.list();
      const used = process.cpuUsage(began);
      if (rows.length < SLEEPERS) throw new Error(`${rows.length} processes`);
      looks.push((used.user + used.system) / 1000);
    }
    // The first ones learn names of users and services.
    note(`one look at ${SLEEPERS} processes and more, CPU`, range(looks.slice(5), 'ms'), 'goal ≤ 25 ms');

    const panel = await runPanel(command);
    const seconds = quick ? 15 : 60;
    const cookie = await setUp(panel);
    const child = Bun.spawn([process.execPath, join(import.meta.dir, 'clients.ts'), `${panel.url}/processes/stream`, cookie, '1', String(seconds + 12)], { stdout: 'pipe', stderr: 'inherit' });
    const idle = 5000;
    await Bun.sleep(idle);
    const cpu = await cpuPercent(panel.pid, seconds);
    const { bytes } = JSON.parse((await child.stdout.text()).trim().split('\n').at(-1)!) as { bytes: number };
    note(`CPU, one live list of ${SLEEPERS} processes at 1 Hz`, `${cpu.toFixed(2)} %`, 'goal ≤ 2 % of a core');
    note('bytes on the wire per second', `${(bytes / (seconds + 12)).toFixed(0)} B`, 'patches only');
    await panel.stop();
  } finally {
    for (const one of sleepers) one.kill('SIGKILL');
    await until(() => sleepers.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null));
  }
};

if (import.meta.main) await alone(benchProcesses);
