import { afterAll, beforeAll, expect } from 'bun:test';
import { claim, probesOf, type ClaimedPort } from '../support/claims.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { SENDERS, startOutside, type Outside } from '../support/outside.ts';
import { panelOnHost, type PanelOnHost } from '../support/panel-on-host.ts';

/**
 * Rules of the panel for IPv6 and for both, on hosts with each firewall: held against packets that really come by IPv6 from a second
 * namespace, and against what the exposure map says of them.
 */
const it = needs('linux', 'root', 'docker', 'debootstrap', 'unshare');
const PORTS = [8080, 9000];
const [NEAR, FAR, OWN] = SENDERS[6];
/** The first that needs it builds it, which takes long on a busy machine. */
if (it.ok) beforeAll(() => executable());

for (const kind of ['ufw', 'nftables', 'firewalld'] as const) {
  it.describe(kind, () => {
    let panel: PanelOnHost;
    let out: Outside;

    beforeAll(async () => {
      panel = await panelOnHost(kind, { relay: kind === 'firewalld' });
      out = await startOutside(panel.host);
      await out.listen(PORTS);
    });
    afterAll(async () => {
      await out?.stop();
      await panel?.stop();
    });

    /** What came through, a word for each that did: "6 8080 tcp fd00::9". The map must say of every packet what became of it. */
    async function open(): Promise<string[]> {
      const probes = probesOf(PORTS);
      // What was seen is kept for a second.
      await Bun.sleep(1100);
      const [{ items, unknown }, real] = [(await panel.api('GET', '/exposure?limit=200&again=on')) as { items: ClaimedPort[]; unknown: null }, await out.ask(probes)];
      expect(unknown).toBeNull();
      const wrong = probes.flatMap((probe, i) => (claim(items, probe) === (real[i] ? 'in' : 'out') ? [] : [`${JSON.stringify(probe)}: says ${claim(items, probe)}, is ${real[i] ? 'in' : 'out'}`]));
      expect(wrong).toEqual([]);
      return probes.filter((_probe, i) => real[i]).map(({ family, port, protocol, from }) => `${family} ${port} ${protocol} ${from}`);
    }
    const all = (family: 4 | 6, port: number, protocol = 'tcp', senders: readonly string[] = SENDERS[family]) => senders.map((from) => `${family} ${port} ${protocol} ${from}`);
    async function add(rule: object): Promise<string> {
      const before = new Set((await panel.api('GET', '/firewall/rules?limit=200')).items.map(({ id }: any) => id));
      const { armed } = await panel.api('POST', '/firewall/rules', rule);
      expect(armed).toBeNull();
      const fresh = (await panel.api('GET', '/firewall/rules?limit=200')).items.filter(({ id }: any) => !before.has(id));
      expect(fresh).toHaveLength(1);
      return fresh[0].id;
    }
    const remove = (id: string) => panel.api('DELETE', `/firewall/rules/${id}`);

    it('on: nobody comes in by IPv6 either; SSH and the panel stay open', async () => {
      if (kind === 'firewalld') expect((await panel.api('GET', '/firewall')).active).toBe(true);
      else {
        const { armed } = await panel.api('POST', '/firewall/enable', { letIn: true });
        if (armed) {
          // The connection that was open is closed with the change.
          await panel.get('/healthz').catch(() => null);
          await panel.api('POST', `/armed/${armed.id}/keep`);
        }
      }
      expect(await open()).toEqual([]);
      expect(await out.ask([{ family: 6, protocol: 'tcp', port: 22, from: FAR }])).toEqual([true]);
    });

    it('a rule for everybody opens it by both, and closes it with its removal', async () => {
      const id = await add({ action: 'allow', ports: '8080', comment: 'both' });
      expect(await open()).toEqual([...all(4, 8080), ...all(6, 8080)]);
      await remove(id);
      expect(await open()).toEqual([]);
    });

    it('a rule for IPv6 alone opens it by that alone, and one for IPv4 the other', async () => {
      const six = await add({ action: 'allow', protocol: 'udp', ports: '9000', source: '::/0' });
      expect(await open()).toEqual(all(6, 9000, 'udp'));
      await remove(six);
      const four = await add({ action: 'allow', ports: '9000', family: 'v4' });
      expect(await open()).toEqual(all(4, 9000));
      await remove(four);
    });

    it('one network of IPv6 is let in, a part of it is not', async () => {
      const network = await add({ action: 'allow', ports: '8080-8090', source: '2001:db8::/40' });
      expect(await open()).toEqual(all(6, 8080, 'tcp', [NEAR, FAR]));
      const part = await add({ action: 'deny', ports: '8080', source: '2001:db8:7::/48' });
      expect(await open()).toEqual(all(6, 8080, 'tcp', [NEAR]));
      await remove(part);
      await remove(network);
      const own = await add({ action: 'allow', ports: '8080', source: 'fd00::/8' });
      expect(await open()).toEqual(all(6, 8080, 'tcp', [OWN]));
      const rejected = await panel.api('PUT', `/firewall/rules/${own}`, { action: 'reject', ports: '8080', source: 'fd00::/8' });
      expect([rejected.armed, await open()]).toEqual([null, []]);
    });

    it('two that differ in their version of IP alone: each counts, or is refused where both would become one', async () => {
      const both = await add({ action: 'allow', ports: '9000' });
      const denial = { action: 'deny', ports: '9000', family: 'v6' };
      if (kind === 'ufw') {
        expect((await panel.api('POST', '/firewall/rules', denial, 409)).detail).toContain('ufw allow in proto tcp from any to any port 9000');
        await panel.api('POST', '/firewall/rules', { action: 'allow', ports: '9000', family: 'v6' }, 409);
        await panel.api('PUT', `/firewall/rules/${both}`, { action: 'allow', ports: '9000', family: 'v4' });
      }
      const denied = await add(denial);
      // In nftables the first that fits counts, and this one comes too late: the map says so as well.
      expect(await open()).toEqual(kind === 'nftables' ? [...all(4, 9000), ...all(6, 9000)] : all(4, 9000));
      expect((await panel.api('GET', '/firewall')).gone).toEqual([]);
      await remove(denied);
      await remove((await panel.api('GET', '/firewall/rules?limit=200&q=9000')).items[0].id);
      expect(await open()).toEqual([]);
    });
  });
}
