import { afterAll, beforeAll, expect } from 'bun:test';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** Armed changes on a machine with systemd, where the panel is a service: stopped, killed, and gone down with the machine. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
const FOLDER = '/var/lib/mantou/armed';
let host: SystemdHost;
let scratch = '';

const sh = async (script: string) => {
  const { code, out, err } = await host.run('sh', '-c', script);
  if (code !== 0) throw new Error(`${script}: ${out}${err}`);
  return out.trim();
};
const healthy = () => until(async () => (await host.run('curl', '-ksf', 'https://127.0.0.1:8686/healthz')).code === 0);
const mark = () => sh('cat /root/mark');
const units = () => sh('systemctl list-units --plain --no-legend "mantou-watchdog-*" | wc -l');

if (it.ok) {
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'mantou-armed-service-'));
    host = await startSystemdHost();
    await host.put(await executable(), '/root/mantou');
    await sh('/root/mantou service install');
    await healthy();
  });
  afterAll(async () => {
    await host?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });
}

/** As `arm` leaves it when the panel is killed right then, and its watchdog as well. */
async function armed(seconds: number): Promise<string> {
  const id = randomUUID();
  const [boot, stat, up] = await Promise.all([sh('cat /proc/sys/kernel/random/boot_id'), sh('cat /proc/1/stat'), sh('cat /proc/uptime')]);
  const plan = {
    id, noun: 'ssh', target: 'port 2222', by: 'lin', armedAt: Date.now(), seconds, boot: `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`, up: parseFloat(up),
    steps: [{ file: '/root/mark', content: 'before' }],
  };
  writeFileSync(join(scratch, id), JSON.stringify(plan));
  await sh(`echo changed > /root/mark; mkdir -p -m 700 ${FOLDER}`);
  await host.put(join(scratch, id), `${FOLDER}/${id}.json`);
  return id;
}

/** The service is started again within it, and everything looked at, also on a machine that has more to do. */
const SECONDS = 45;
const watched = (id: string) => until(async () => (await host.run('test', '-e', `${FOLDER}/${id}.watched`)).code === 0);
const result = (id: string) => sh(`cat ${FOLDER}/${id}.result.json ${FOLDER}/${id}.told.json 2>/dev/null || true`);

it('a panel that finds one has it watched by a unit of its own, which `systemctl stop` leaves alone', async () => {
  const id = await armed(SECONDS);
  await sh('systemctl restart mantou');
  await watched(id);
  expect(await units()).toBe('1');
  await sh('systemctl stop mantou');
  expect([await mark(), await units(), (await host.run('systemctl', 'is-active', 'mantou')).out.trim()]).toEqual(['changed', '1', 'inactive']);
  await until(async () => (await mark()) === 'before');
  await until(async () => (await units()) === '0');
  expect(await result(id)).toContain('"reason":"time"');
});

it('also when all of the panel’s control group is killed', async () => {
  await sh('systemctl start mantou');
  await healthy();
  const id = await armed(SECONDS);
  await sh('systemctl restart mantou');
  await watched(id);
  await sh('systemctl mask --runtime mantou; systemctl kill --kill-whom=all -s KILL mantou || true');
  await until(async () => (await mark()) === 'before');
  await sh('systemctl unmask --runtime mantou; systemctl reset-failed mantou || true; systemctl restart mantou');
  await healthy();
  await until(async () => (await host.run('test', '-e', `${FOLDER}/${id}.told.json`)).code === 0);
});

it('the machine goes down while it is armed: it is reverted then', async () => {
  const id = await armed(600);
  await sh('systemctl restart mantou');
  await watched(id);
  await host.reboot();
  expect(await mark()).toBe('before');
  await healthy();
  await until(async () => /"reason":"(shutdown|reboot)"/.test(await result(id)));
});

it('the power is cut while it is armed: the panel reverts it as soon as it is up again', async () => {
  const id = await armed(600);
  // Nobody watches it, and nobody is told that the machine goes down.
  await sh('systemctl disable mantou; systemctl kill --kill-whom=all -s KILL mantou; systemctl stop mantou || true; systemctl enable mantou; sync');
  expect(await mark()).toBe('changed');
  await host.reboot();
  await healthy();
  await until(async () => (await result(id)).includes('"reason":"reboot"'));
  expect(await mark()).toBe('before');
});

it('the log of errors is empty', async () => {
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log 2>/dev/null')).out).toBe('');
});
