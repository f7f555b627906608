import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { startSystemdHost } from '../support/systemd-host.ts';
import { alone, type Bench } from './figures.ts';

const UNITS = 300;
const RUNNING = 100;

/** The list of services of a machine with three hundred of them, a hundred of which run. */
export const benchServices: Bench = async (note, { quick }) => {
  const it = needs('linux', 'root', 'docker', 'debootstrap');
  if (!it.ok) return note('services', 'not measured', 'needs root, docker and debootstrap');
  const host = await startSystemdHost();
  try {
    await host.put(await executable(), '/root/mantou');
    await host.run('/root/mantou', 'service', 'install');
    await host.run('sh', '-c', `echo 'steamed bun 2026' | mantou user add lin --role admin --password-stdin`);
    const token = (await host.run('mantou', 'token', 'add', '--user', 'lin', '--name', 'bench')).out.trim();
    await host.run('bash', '-c', `for i in $(seq ${UNITS}); do printf '[Unit]\\nDescription=Bun %d\\n[Service]\\nExecStart=/bin/sleep 100000\\n' $i > /run/systemd/system/bun$i.service; done; systemctl daemon-reload; systemctl start bun{1..${RUNNING}}.service`);
    const read = async () => {
      const began = performance.now();
      const answer = await fetch(`https://${host.ip}:8686/api/v1/services?limit=200`, { headers: { authorization: `Bearer ${token}` }, tls: { rejectUnauthorized: false } } as RequestInit);
      const { total } = (await answer.json()) as { total: number };
      return { ms: performance.now() - began, total };
    };
    const first = await read();
    const later: number[] = [];
    for (let i = 0; i < (quick ? 10 : 40); i++) later.push((await read()).ms);
    later.sort((a, b) => a - b);
    note(`list of ${first.total} services, the first time`, `${first.ms.toFixed(0)} ms`, 'goal ≤ 150 ms, two processes');
    note('list of services after that, p50 / p95', `${later[Math.floor(later.length / 2)]!.toFixed(0)} / ${later[Math.floor(later.length * 0.95)]!.toFixed(0)} ms`, 'one process');
    const tool: number[] = [];
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      await host.run('sh', '-c', 'systemctl list-units --all --type=service >/dev/null; systemctl list-unit-files --type=service >/dev/null');
      tool.push(performance.now() - began);
    }
    note('beside: systemctl list-units and list-unit-files, in a shell', `${Math.min(...tool).toFixed(0)} ms`);
  } finally {
    await host.stop();
  }
};

if (import.meta.main) await alone(benchServices);
