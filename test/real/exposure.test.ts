import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claim, probesOf, type ClaimedPort } from '../support/claims.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { CABLE, startOutside } from '../support/outside.ts';
import { PORTS, rulesOf } from '../support/random-rules.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** What the panel says on hosts with each firewall, held port for port against packets from a second namespace. ROUNDS=20 looks longer. */
const it = needs('root', 'docker', 'debootstrap', 'unshare');
const ROUNDS = Number(process.env.ROUNDS ?? 2);

const folder = mkdtempSync(join(tmpdir(), 'mantou-exposure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** The first that needs it builds it, which takes long on a busy machine. */
if (it.ok) beforeAll(() => executable());

async function startPanel(host: SystemdHost) {
  await host.put(await executable(), '/root/mantou');
  await host.run('systemd-run', '--unit=panel', '/root/mantou', 'serve', '--host', '127.0.0.1', '--port', '8686', '--data-dir', '/var/lib/panel');
  const curl = (path: string, ...more: string[]) => host.run('curl', '-sk', '--max-time', '10', ...more, `http://127.0.0.1:8686${path}`);
  await until(async () => (await curl('/healthz')).code === 0);
  await host.run('sh', '-c', 'echo steamed bun 2026 | /root/mantou user add lin --role admin --password-stdin --data-dir /var/lib/panel');
  const key = (await host.run('/root/mantou', 'token', 'add', '--user', 'lin', '--name', 'test', '--data-dir', '/var/lib/panel')).out.trim();
  return {
    async look() {
      // What was seen is kept for a second.
      await Bun.sleep(1100);
      const { out } = await curl('/api/v1/exposure?limit=200&again=on', '-H', `authorization: Bearer ${key}`);
      return JSON.parse(out) as { items: ClaimedPort[]; unknown: string | null };
    },
    errors: async () => (await host.run('cat', '/var/lib/panel/logs/error.log')).out,
  };
}

const FIREWALLS: Record<'ufw' | 'firewalld' | 'nftables', (host: SystemdHost, round: number) => Promise<string>> = {
  async ufw(host, round) {
    const below = random(round);
    const source = () => ['10.0.0.0/8', '192.168.0.0/16', '198.18.77.1', '203.0.113.0/24', '2001:db8:7::/48', 'fd00::/8', 'any'][below(7)]!;
    const port = () => PORTS[below(PORTS.length)]!;
    const rules = Array.from({ length: 8 }, () => [
      ['allow', 'deny', 'reject', 'allow', 'limit'][below(5)]!, ...(below(5) === 0 ? ['in', 'on', below(2) ? CABLE : 'eth0'] : []),
      'proto', below(4) ? 'tcp' : 'udp', 'from', source(), 'to', 'any', 'port', String(port()),
    ]);
    await host.run('ufw', '--force', 'reset');
    await host.run('ufw', 'default', below(3) ? 'deny' : 'allow', 'incoming');
    for (const rule of rules) await host.run('ufw', ...rule);
    await host.run('ufw', '--force', 'enable');
    return rules.map((rule) => rule.join(' ')).join('\n');
  },
  async firewalld(host, round) {
    const below = random(round + 50);
    const port = () => PORTS[below(PORTS.length)]!;
    const family = () => (below(3) ? ['ipv4', ['10.0.0.0/8', '203.0.113.0/24', '192.168.7.0/24', '198.18.77.1'][below(4)]!] : ['ipv6', ['2001:db8:7::/48', 'fd00::/8'][below(2)]!]);
    const rules = Array.from({ length: 6 }, () => {
      const [kind, source] = family();
      const what = `port port="${port()}" protocol="${below(4) ? 'tcp' : 'udp'}"`;
      return [
        `--add-port=${port()}/${below(3) ? 'tcp' : 'udp'}`, `--add-rich-rule=rule family="${kind}" source address="${source}" ${what} ${['accept', 'drop', 'reject'][below(3)]}`,
        `--zone=trusted --add-source=${source}`, `--zone=block --add-source=${source}`, `--zone=internal --add-port=${port()}/tcp`, `--add-rich-rule=rule ${what} ${below(2) ? 'accept' : 'drop'}`,
      ][below(6)]!;
    });
    await host.run('firewall-cmd', '--reload');
    await host.run('firewall-cmd', `--zone=${['public', 'internal', 'drop', 'trusted'][below(4)]}`, `--change-interface=${CABLE}`);
    // A rule holds blanks, an option none.
    for (const rule of rules) await host.run('firewall-cmd', ...(rule.startsWith('--zone') ? rule.split(' ') : [rule]));
    return rules.join('\n');
  },
  async nftables(host, round) {
    const text = rulesOf(round + 1000).nft();
    writeFileSync(join(folder, 'rules.nft'), text);
    await host.put(join(folder, 'rules.nft'), '/root/rules.nft');
    expect((await host.run('nft', '-f', '/root/rules.nft')).err).toBe('');
    return text;
  },
};

function random(seed: number) {
  let state = (seed * 2654435761) % 2147483647 || 1;
  return (n: number) => (state = (state * 48271) % 2147483647) % n;
}

for (const kind of ['ufw', 'firewalld', 'nftables'] as const) {
  it.describe(kind, () => {
    it('every verdict is what the packets say, by IPv4 and IPv6; and who holds a port is known', async () => {
      const host = await startSystemdHost(kind);
      const outside = await startOutside(host).catch(async (error: unknown) => {
        await host.stop();
        throw error;
      });
      try {
        const panel = await startPanel(host);
        // sshd and nginx of the machine have theirs.
        await outside.listen(PORTS.filter((port) => port !== 22 && port !== 80));
        const probes = probesOf(PORTS).filter(({ protocol, port }) => protocol === 'tcp' || (port !== 22 && port !== 80));
        const counts = { claimed: 0, open: 0 };
        for (let round = 1; round <= ROUNDS; round++) {
          const rules = await FIREWALLS[kind](host, round);
          const [{ items, unknown }, real] = [await panel.look(), await outside.ask(probes)];
          expect(unknown).toBeNull();
          const wrong = probes.flatMap((probe, i) => {
            const said = claim(items, probe);
            if (said !== null) counts.claimed++;
            if (real[i]) counts.open++;
            return said !== null && said !== (real[i] ? 'in' : 'out') ? [`${JSON.stringify(probe)}: says ${said}, is ${real[i] ? 'in' : 'out'}: ${JSON.stringify(items.find((one) => one.port === probe.port && one.protocol === probe.protocol)?.reach)}`] : [];
          });
          expect(wrong, `${kind} ${round}\n${rules}`).toEqual([]);
          const held = (port: number) => items.find((one) => one.port === port && one.protocol === 'tcp');
          expect([held(22)?.process?.name, held(80)?.process?.name]).toEqual(['sshd', 'nginx']);
          expect(items.find((one) => one.port === 8686)).toMatchObject({ level: 'machine', scope: 'machine', reach: [] });
        }
        expect(counts.claimed).toBeGreaterThan(0.8 * ROUNDS * probes.length);
        expect(counts.open).toBeGreaterThan(0.02 * ROUNDS * probes.length);
        expect(await panel.errors()).toBe('');
      } finally {
        await outside.stop();
        await host.stop();
      }
    });
  });
}
