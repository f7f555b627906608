import { afterAll, beforeAll, expect } from 'bun:test';
import { installPanel, type InstalledPanel } from '../support/installed-panel.ts';
import { needs } from '../support/needs.ts';
import { HOST4, HOST6, OUT4, OUT4B, OUT6, outside, type Outside } from '../support/cable.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** Who guesses at a real sshd, and at the door of the panel, is kept out by the kernel. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let host: SystemdHost;
let panel: InstalledPanel;
let out: Outside;

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost('nftables');
    panel = await installPanel(host);
    out = await outside(host);
    await panel.sh("printf '#!/bin/sh\\necho wrong\\n' > /root/ask; chmod +x /root/ask; useradd -m lin; echo lin:right | chpasswd");
    await panel.sh("ssh-keygen -q -t ed25519 -N '' -f /root/key; mkdir -p /home/lin/.ssh; cp /root/key.pub /home/lin/.ssh/authorized_keys; chown -R lin /home/lin/.ssh; chmod 700 /home/lin/.ssh");
    // Their own limits, which would only slow the test down.
    await panel.sh("printf 'MaxAuthTries 20\\nLoginGraceTime 20\\n' > /etc/ssh/sshd_config.d/test.conf; systemctl restart ssh");
  });
  afterAll(() => host?.stop());
}

const OPTIONS = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'ConnectTimeout=5'];
/** Guesses so many passwords on one connection, under this name. */
const guess = (from: string, to: string, name: string, times: number) =>
  out.run('env', 'SSH_ASKPASS=/root/ask', 'SSH_ASKPASS_REQUIRE=force', 'DISPLAY=x', 'setsid', '-w', 'timeout', '40', 'ssh', ...OPTIONS, '-o', 'PubkeyAuthentication=no', '-o', `NumberOfPasswordPrompts=${times}`, '-b', from, '-l', name, to, 'true');
const byKey = async (from: string) => (await out.run('timeout', '20', 'ssh', ...OPTIONS, '-o', 'BatchMode=yes', '-i', '/root/key', '-b', from, '-l', 'lin', HOST4, 'true')).code === 0;
const bans = async (): Promise<{ id: number; address: string; source: string; times: number; active: boolean; seen: { text: string }[] }[]> => (await panel.api('GET', '/firewall/guard/bans?sort=-at')).items;
const change = (body: object) => panel.api('PATCH', '/firewall/guard', body);
const watches = async (source: string) => (await panel.api('GET', '/firewall/guard')).sources.find((one: { source: string }) => one.source === source).state;
/** At the panel, from out there. */
const atDoor = (from: string) => out.run('curl', '-sk', '-o', '/dev/null', '--max-time', '8', '--interface', from, '-H', `Origin: https://${HOST4}:8686`, '-d', 'name=lin&password=wrong', `https://${HOST4}:8686/signin`);

it('off until somebody turns it on: guesses change nothing', async () => {
  await guess(OUT4, HOST4, 'root', 3);
  expect(await bans()).toEqual([]);
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(true);
  await change({ guardOn: true, guardFailures: 4, guardMinutes: 10, guardSteps: [1, 60], guardSources: ['sshd', 'panel'] });
  await until(async () => (await watches('sshd')) === 'watching' && (await watches('panel')) === 'watching');
});

it('who guesses passwords is cut off, and a name that looks like a line of the log bans nobody else', async () => {
  await guess(OUT4, HOST4, 'x from 9.9.9.9 port 1 ssh2', 2);
  await guess(OUT4, HOST4, 'nobody-here', 2);
  await until(async () => (await bans()).length > 0);
  const [ban, ...more] = await bans();
  expect(more).toEqual([]);
  expect(ban).toMatchObject({ address: OUT4, source: 'sshd', times: 1, active: true });
  expect(ban!.seen.length).toBeGreaterThanOrEqual(4);
  expect([await out.reaches(OUT4, HOST4, 22), await out.reaches(OUT4, HOST4, 8686), await out.reaches(OUT4B, HOST4, 22)]).toEqual([false, false, true]);
});

it('a minute later they may come again; the next ban is the second, and longer; it is lifted by a person', async () => {
  await until(() => out.reaches(OUT4, HOST4, 22));
  await guess(OUT4, HOST4, 'root', 4);
  await until(async () => (await bans()).length === 2);
  const [ban] = await bans();
  expect(ban).toMatchObject({ address: OUT4, times: 2, active: true });
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(false);
  await panel.api('DELETE', `/firewall/guard/bans/${ban!.id}`);
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(true);
});

it('IPv6 is banned as well: alone, as the host has an address in the same network', async () => {
  await guess(OUT6, HOST6, 'root', 4);
  await until(async () => (await bans())[0]!.address === OUT6);
  expect(await out.reaches(OUT6, HOST6, 22)).toBe(false);
  await panel.api('DELETE', `/firewall/guard/bans/${(await bans())[0]!.id}`);
  expect(await out.reaches(OUT6, HOST6, 22)).toBe(true);
});

it('S11 whoever signed in from there lately, and the allow-list, are spared however often they fail', async () => {
  expect(await byKey(OUT4B)).toBe(true);
  await guess(OUT4B, HOST4, 'root', 5);
  await until(async () => (await panel.api('GET', '/firewall/guard')).spared.some(({ address, why }: { address: string; why: string }) => address === OUT4B && why === 'cameBefore'));
  expect(await out.reaches(OUT4B, HOST4, 22)).toBe(true);
  await change({ neverBlocked: [`${OUT4}/32`] });
  await guess(OUT4, HOST4, 'root', 5);
  await until(async () => (await panel.api('GET', '/firewall/guard')).spared.some(({ address, why }: { address: string; why: string }) => address === OUT4 && why === 'allowed'));
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(true);
  await change({ neverBlocked: [] });
});

it('guesses at the panel count as well; a restart of the panel lets nobody in', async () => {
  for (let i = 0; i < 4; i++) await atDoor(OUT4);
  await until(async () => (await bans())[0]?.source === 'panel');
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(false);
  await panel.sh('systemctl restart mantou');
  await panel.healthy();
  expect(await out.reaches(OUT4, HOST4, 22)).toBe(false);
  await panel.api('DELETE', `/firewall/guard/bans/${(await bans())[0]!.id}`);
  // It has read who signed in before: they are spared still.
  await until(async () => (await watches('sshd')) === 'watching');
  await guess(OUT4B, HOST4, 'root', 5);
  await until(async () => (await panel.api('GET', '/firewall/guard')).spared.some(({ address }: { address: string }) => address === OUT4B));
});

it('S3 a line that somebody of the machine writes by the name of sshd bans nobody', async () => {
  const before = (await bans()).length;
  for (let i = 0; i < 6; i++) await panel.sh("su lin -c 'logger -t sshd \"Failed password for root from 198.18.77.7 port 22 ssh2\"'");
  await Bun.sleep(2000);
  expect((await bans()).length).toBe(before);
});

it('without a journal the file of syslog is read', async () => {
  // As on a machine without systemd: the panel sees no journal, sshd logs to rsyslog all the same.
  await panel.sh('systemctl stop mantou; mv /usr/bin/journalctl /usr/bin/journalctl.away; systemctl start mantou');
  await panel.healthy();
  await until(async () => (await watches('sshd')) === 'watching');
  const before = (await bans()).length;
  await guess(OUT4, HOST4, 'root', 4);
  await until(async () => (await bans()).length === before + 1);
  expect((await bans())[0]).toMatchObject({ address: OUT4, source: 'sshd' });
  await panel.api('DELETE', `/firewall/guard/bans/${(await bans())[0]!.id}`);
  await panel.sh('mv /usr/bin/journalctl.away /usr/bin/journalctl');
});

it('the log of errors is empty', async () => {
  expect(await panel.errorLog()).toBe('');
});
