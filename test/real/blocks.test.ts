import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { addressText } from '../../src/lib/address.ts';
import { installPanel, type InstalledPanel } from '../support/installed-panel.ts';
import { needs } from '../support/needs.ts';
import { HOST4, HOST6, OUT4, OUT4B, OUT6, outside, type Outside } from '../support/cable.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** Packets from outside meet what the panel blocks, on hosts with each firewall there is, whose own rules stay as they are. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
const PUBLISHED = 8080;

for (const kind of ['ufw', 'firewalld', 'nftables'] as const) {
  describe(kind, () => {
    let host: SystemdHost;
    let panel: InstalledPanel;
    let out: Outside;
    if (it.ok) {
      beforeAll(async () => {
        host = await startSystemdHost(kind);
        if (kind === 'ufw') await host.run('sh', '-c', 'ufw allow 22; ufw allow 8686; ufw --force enable');
        if (kind === 'firewalld') await host.run('sh', '-c', 'firewall-cmd --permanent --add-port=8686/tcp --add-port=22/tcp; firewall-cmd --reload');
        panel = await installPanel(host);
        out = await outside(host);
        await publish(panel, kind);
        await listens(8000, 'ip', 'netns', 'exec', 'inner');
      });
      afterAll(() => host?.stop());
    }

    /** Everybody else's rules, without counters. */
    const others = async () => (await panel.sh('nft -s list ruleset')).replace(/^table inet mantou_blocks \{[\s\S]*?^\}\n?/m, '').trim();
    /** What waits long, and asks nothing of whose rules stand beside it. */
    const once: (name: string, body: () => Promise<void>) => void = kind === 'ufw' ? it : () => {};
    const reaches = (port = 22) => out.reaches(OUT4, HOST4, port);
    const block = async (address: string, more: object = {}) => (await panel.api('POST', '/firewall/blocks', { address, ...more })).id as number;
    const lift = (id: number) => panel.api('DELETE', `/firewall/blocks/${id}`);
    const listens = (port: number, ...where: string[]) => until(async () => (await host.run(...where, 'sh', '-c', `ss -Hltn sport = :${port} | grep -q LISTEN`)).code === 0);
    const stands = async () => (await host.run('nft', 'list', 'table', 'inet', 'mantou_blocks')).code === 0;

    it('a connection is cut by a block, also to what is published past the firewall, and comes back when it is lifted', async () => {
      const before = await others();
      expect([await reaches(), await reaches(PUBLISHED), await stands()]).toEqual([true, true, false]);
      const id = await block(OUT4);
      expect([await reaches(), await reaches(PUBLISHED)]).toEqual([false, false]);
      // Another address of the same machine is another address.
      expect(await out.reaches(OUT4B, HOST4, 22)).toBe(true);
      expect(await others()).toBe(before);
      await lift(id);
      expect([await reaches(), await reaches(PUBLISHED), await stands()]).toEqual([true, true, false]);
      expect(await others()).toBe(before);
    });

    it('what is open stops as well', async () => {
      await panel.sh('systemd-run --unit=sink busybox nc -ll -p 2222 -e /bin/cat');
      await listens(2222);
      if (kind === 'ufw') await panel.sh('ufw allow 2222');
      if (kind === 'firewalld') await panel.sh('firewall-cmd --add-port=2222/tcp');
      await panel.sh(`systemd-run --unit=beat ip netns exec out sh -c "(while sleep 0.2; do echo beat; done) | nc -s ${OUT4} ${HOST4} 2222 > /tmp/echoed"`);
      const echoed = async () => Number(await panel.sh('stat -c %s /tmp/echoed 2>/dev/null || echo 0'));
      await until(async () => (await echoed()) > 20);
      const id = await block(`${OUT4}-198.18.5.9`);
      await Bun.sleep(500);
      const at = await echoed();
      await Bun.sleep(1500);
      expect(await echoed()).toBe(at);
      await lift(id);
      await until(async () => (await echoed()) > at);
      await host.run('systemctl', 'stop', 'beat', 'sink');
    });

    it('IPv6 by its network', async () => {
      const six = () => out.reaches(OUT6, HOST6, 22);
      expect(await six()).toBe(true);
      const id = await block('2001:db8:5::2/127');
      expect([await six(), await reaches()]).toEqual([false, true]);
      await lift(id);
      expect(await six()).toBe(true);
    });

    once('a block ends by itself, in the kernel to the second and then in the list', async () => {
      const ends = Date.now() + 10_000;
      await block(OUT4, { until: ends });
      expect(await reaches()).toBe(false);
      await Bun.sleep(ends + 1000 - Date.now());
      expect(await reaches()).toBe(true);
      expect((await panel.api('GET', '/firewall/blocks')).total).toBe(0);
      await until(async () => !(await stands()));
    });

    it('ten thousand are there, by sets; networks that overlap and touch do no harm', async () => {
      const text = Array.from({ length: 10_000 }, (_, i) => (i % 10 ? addressText(4, BigInt(0x0b000000 + i * 7)) : `${addressText(4, BigInt(0x0c000000 + i * 128))}/${20 + (i % 9)}`)).join('\n');
      const began = performance.now();
      const done = await panel.api('POST', '/firewall/blocks/import', { name: 'Many', text, until: Date.now() + 3_600_000 });
      const took = performance.now() - began;
      console.log(`${kind}: import of 10,000 addresses took ${took.toFixed(0)} ms`);
      expect([done.added, done.refused]).toEqual([9999 + 1 - done.repeated, []]);
      const id = await block(`11.0.0.0/9`);
      const other = await block('11.0.0.7', { until: Date.now() + 60_000 });
      const standing = await panel.api('GET', '/firewall/blocks/standing');
      const listed = JSON.parse(await panel.sh('nft -j list table inet mantou_blocks')).nftables as { set?: { elem?: unknown[] } }[];
      expect([standing.fault, listed.reduce((n, { set }) => n + (set?.elem?.length ?? 0), 0)]).toEqual([null, standing.ranges]);
      await lift(id);
      await lift(other);
      expect((await panel.sh('nft list table inet mantou_blocks | grep -c "saddr"'))).toBe('2');
      const [{ id: list }] = (await panel.api('GET', '/firewall/blocks/lists')).items;
      await panel.api('DELETE', `/firewall/blocks/lists/${list}`);
      expect(await stands()).toBe(false);
    });

    once('what somebody flushed is put back, and a restart and a kill of the panel change nothing', async () => {
      const id = await block(OUT4);
      expect(await reaches()).toBe(false);
      // Not all of the ruleset, which would take the published port of this test as well; and held, as the panel may look right then.
      await panel.sh('systemctl kill -s STOP mantou; nft delete table inet mantou_blocks');
      expect(await reaches()).toBe(true);
      await panel.sh('systemctl kill -s CONT mantou');
      await until(stands);
      expect(await reaches()).toBe(false);
      const standing = await panel.api('GET', '/firewall/blocks/standing');
      expect(standing.putBackAt).toBeGreaterThan(Date.now() - 60_000);
      expect((await panel.api('GET', '/audit?limit=5')).items.map(({ action }: { action: string }) => action)).toContain('blocks.restore');
      await panel.sh('systemctl kill -s KILL mantou');
      expect(await reaches()).toBe(false);
      await panel.healthy();
      expect(await reaches()).toBe(false);
      await panel.sh('systemctl stop mantou; nft delete table inet mantou_blocks; systemctl start mantou');
      await panel.healthy();
      await until(stands);
      expect(await reaches()).toBe(false);
      await lift(id);
      expect([await reaches(), await stands()]).toEqual([true, false]);
    });

    it('S11 nobody blocks the way that they come by, nor what the machine needs', async () => {
      const gateway = await panel.sh("ip route show default | awk '{print $3}'");
      for (const address of [host.ip, `${host.ip}/16`, gateway, HOST4, HOST6, '0.0.0.0/0', '::/0', '127.0.0.1']) {
        const answer = await panel.ask('POST', '/firewall/blocks', { address });
        expect([address, answer.status]).toEqual([address, 422]);
      }
      expect(await stands()).toBe(false);
    });

    it('the log of errors is empty', async () => {
      expect(await panel.errorLog()).toBe('');
    });
  });
}

/** A server in a network of its own behind the host, as an engine of containers publishes one: its address is changed before any rule of the firewall. */
async function publish(panel: InstalledPanel, kind: 'ufw' | 'firewalld' | 'nftables') {
  await panel.sh(`ip netns add inner
ip link add inner0 type veth peer name inner1 netns inner
ip addr add 10.99.0.1/24 dev inner0
ip link set inner0 up
ip -n inner addr add 10.99.0.2/24 dev inner1
ip -n inner link set inner1 up
ip -n inner link set lo up
ip -n inner route add default via 10.99.0.1
systemd-run --unit=inner ip netns exec inner busybox httpd -f -p 8000 -h /usr/share/doc`);
  if (kind === 'ufw') await panel.sh(`iptables -t nat -A PREROUTING -p tcp --dport ${PUBLISHED} -j DNAT --to-destination 10.99.0.2:8000; iptables -I FORWARD -d 10.99.0.2 -j ACCEPT; iptables -I FORWARD -s 10.99.0.2 -j ACCEPT`);
  else if (kind === 'firewalld') await panel.sh(`firewall-cmd --zone=trusted --add-interface=inner0; firewall-cmd --zone=public --add-interface=cable0; firewall-cmd --add-forward-port=port=${PUBLISHED}:proto=tcp:toport=8000:toaddr=10.99.0.2`);
  else {
    await panel.sh(`nft add table ip published
nft add chain ip published pre '{ type nat hook prerouting priority -100; }'
nft add rule ip published pre tcp dport ${PUBLISHED} dnat to 10.99.0.2:8000`);
  }
}
