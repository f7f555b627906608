import { afterAll, beforeAll, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { keepArmed } from '../../src/core/armed/armed.ts';
import { portJudge } from '../../src/core/containers/ports/ports.ts';
import { publishedPorts } from '../../src/core/firewall/published-ports.ts';
import { addPublished, readPublished, removePublished, restorePublished } from '../../src/core/firewall/published.ts';
import { RuleInput } from '../../src/core/firewall/rule.ts';
import { DockerError, type DockerDriver } from '../../src/platform/docker.ts';
import { createLinuxExposure } from '../../src/platform/linux/exposure/exposure.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { HOST4, HOST6, OUT4, OUT4B, OUT6, outside, type Outside } from '../support/cable.ts';
import { startFirewallHost, type FirewallHost } from '../support/firewall-host.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/**
 * Docker 29 with `"firewall-backend": "nftables"` on a machine without iptables: held against packets from outside. No such engine can be
 * had here: what it says of itself is from its API, and its rules are written by this test in the shape of moby's golden files
 * (b985e231, daemon/libnetwork/drivers/bridge/internal/nftabler/testdata).
 */
const it = needs('linux', 'root', 'docker', 'debootstrap');
const [PORT, OTHER] = [8088, 8089];
const BRIDGE = 'br-0123456789ab';
let host: FirewallHost;
let out: Outside;
let t: TestApp;

const rulesOf = (family: 'ip' | 'ip6', inside: string) => `table ${family} docker-bridges {
	map filter-forward-in-jumps { type ifname : verdict; elements = { "${BRIDGE}" : jump filter-forward-in__${BRIDGE} }; }
	map filter-forward-out-jumps { type ifname : verdict; elements = { "${BRIDGE}" : jump filter-forward-out__${BRIDGE} }; }
	map nat-postrouting-out-jumps { type ifname : verdict; elements = { "${BRIDGE}" : jump nat-postrouting-out__${BRIDGE} }; }
	chain filter-FORWARD { type filter hook forward priority filter; policy accept; oifname vmap @filter-forward-in-jumps; iifname vmap @filter-forward-out-jumps; }
	chain nat-PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local counter jump nat-prerouting-and-output; }
	chain nat-prerouting-and-output {
		${[PORT, OTHER].map((port) => `iifname != "${BRIDGE}" ${family === 'ip6' ? 'ip6 saddr != fe80::/10 ' : ''}tcp dport ${port} counter dnat to ${family === 'ip6' ? `[${inside}]` : inside}:80 comment "DNAT"`).join('\n\t\t')}
	}
	chain nat-POSTROUTING { type nat hook postrouting priority srcnat; policy accept; iifname vmap @nat-postrouting-out-jumps; }
	chain nat-postrouting-out__${BRIDGE} { oifname != "${BRIDGE}" ${family} saddr ${inside} counter masquerade comment "MASQUERADE"; }
	chain raw-PREROUTING { type filter hook prerouting priority raw; policy accept; ${family} daddr ${inside} iifname != "${BRIDGE}" counter drop comment "DROP DIRECT ACCESS"; }
	chain filter-forward-in__${BRIDGE} {
		ct state established,related counter accept
		iifname "${BRIDGE}" counter accept comment "ICC"
		${family} daddr ${inside} tcp dport 80 counter accept
		counter drop comment "UNPUBLISHED PORT DROP"
	}
	chain filter-forward-out__${BRIDGE} { ct state established,related counter accept; counter accept comment "OUTGOING"; }
}`;
const [INSIDE4, INSIDE6] = ['172.31.78.2', 'fd49:efd7:54aa::2'];

/** A container with a port behind a bridge of Docker's, and its rules. */
async function engineUp() {
  out = await outside(host);
  await host.sh(`ip netns add web
ip link add ${BRIDGE} type bridge; ip link add web0 type veth peer name eth0 netns web; ip link set web0 master ${BRIDGE}
for name in all ${BRIDGE}; do echo 0 > /proc/sys/net/ipv6/conf/$name/disable_ipv6; done
ip netns exec web sh -c 'echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6'
ip addr add 172.31.78.1/24 dev ${BRIDGE}; ip -6 addr add fd49:efd7:54aa::1/64 dev ${BRIDGE} nodad
ip link set ${BRIDGE} up; ip link set web0 up
ip -n web addr add ${INSIDE4}/24 dev eth0; ip -n web -6 addr add ${INSIDE6}/64 dev eth0 nodad
ip -n web link set lo up; ip -n web link set eth0 up
ip -n web route add default via 172.31.78.1; ip -n web -6 route add default via fd49:efd7:54aa::1
ip -n out -6 route add default via ${HOST6}
echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
systemd-run --quiet --unit=web ip netns exec web busybox httpd -f -p 80 -h /srv
nft -f - <<'END'
${rulesOf('ip', INSIDE4)}
${rulesOf('ip6', INSIDE6)}
END`);
  await until(async () => (await host.run('ip', 'netns', 'exec', 'web', 'sh', '-c', 'ss -Hltn sport = :80 | grep -q LISTEN')).code === 0);
  // Addresses of IPv6 are ready for use a moment after they were given.
  await until(() => out.reaches(OUT6, HOST6, PORT));
}

/** What the panel asks of such an engine. */
const engine: DockerDriver = {
  endpoint: () => 'unix:///run/docker.sock',
  stream: () => Promise.reject(new DockerError('absent', 'nobody is here')),
  async ask({ path }) {
    if (path === '/info') return { OperatingSystem: 'Debian', FirewallBackend: { Driver: 'nftables', Info: [['EnableUserlandProxy', 'true']] } };
    if (path !== '/containers/json') return {};
    const ports = ['0.0.0.0', '::'].flatMap((IP) => [PORT, OTHER].map((PublicPort) => ({ IP, PrivatePort: 80, PublicPort, Type: 'tcp' })));
    return [{ Id: 'a'.repeat(64), Names: ['/web'], Image: 'web', ImageID: `sha256:${'b'.repeat(64)}`, Command: 'httpd', Created: 1, State: 'running', Status: 'Up', Ports: ports, Labels: {}, Mounts: [], NetworkSettings: { Networks: { web: { IPAddress: INSIDE4, GlobalIPv6Address: INSIDE6 } } } }];
  },
};

/** The panel looks at the machine as it is now. */
function look() {
  Object.assign(t.app.host, { firewall: host.firewall, exposure: createLinuxExposure(host.exec, () => true) });
}

if (it.ok) {
  beforeAll(async () => {
    host = await startFirewallHost('nftables');
    await engineUp();
    t = testApp({ docker: engine });
    look();
  });
  afterAll(async () => {
    await t?.close();
    await host?.stop();
  });
}

const input = (more: object) => RuleInput.parse({ scope: 'containers', action: 'deny', ...more });
const add = (more: object) => addPublished(t.app, SYSTEM, input(more));
const standing = async () => (await host.run('nft', 'list', 'table', 'inet', 'mantou_published')).out;
/** Who gets through to a port of the container: by IPv4 from two addresses, and by IPv6. */
const reaches = (port = PORT): Promise<boolean[]> => Promise.all([out.reaches(OUT4, HOST4, port), out.reaches(OUT4B, HOST4, port), out.reaches(OUT6, HOST6, port)]);
const ALL: boolean[] = [true, true, true];
const NONE: boolean[] = [false, false, false];

/** What the page says of the port by IPv4 and IPv6. */
async function verdicts() {
  // What was seen is kept for some seconds.
  look();
  // The list of containers has one line for both.
  expect((await publishedPorts(t.app, SYSTEM))!.map(({ name, fact }) => [name, fact.host])).toEqual([['web', PORT], ['web', OTHER]]);
  const judge = await portJudge(t.app, SYSTEM, true);
  const facts = await judge(['0.0.0.0', '::'].map((address) => ({ address, host: PORT, container: 80, protocol: 'tcp' })), [INSIDE4, INSIDE6]);
  return facts.map(({ by, verdict, unknown }) => `${by} ${unknown ?? verdict}`);
}

it('what Docker publishes is open and told so; denied by the same form it is silent, by IPv4 and IPv6', async () => {
  expect([await reaches(), await verdicts()]).toEqual([ALL, ['docker open', 'docker open']]);
  const done = await add({ ports: String(PORT), comment: 'shop' });
  expect(done.commands.slice(0, 2)).toEqual([expect.stringContaining(`+\t\tmeta l4proto tcp ct direction original ct status dnat ct original proto-dst ${PORT} drop\n`), 'nft -f /etc/mantou/published.nft']);
  // What a neighbour sends from an address of the link is not translated, and would come to Docker's proxy where one listens.
  expect([await reaches(), await reaches(OTHER), await verdicts()]).toEqual([NONE, ALL, ['docker closed', 'docker some']]);
  expect(await readPublished(t.app, SYSTEM)).toMatchObject({ hindrance: null, backend: 'nftables', inForce: true, rules: [{ comment: 'shop' }] });
});

it('a sender is let in before everybody is kept out, and Docker’s own rules are asked after that', async () => {
  await add({ action: 'allow', ports: `${PORT - 8}-${PORT}`, source: OUT4 });
  await add({ action: 'allow', ports: String(PORT), source: '2001:db8:5::/64', interface: 'cable0' });
  expect([await reaches(), await verdicts()]).toEqual([[true, false, true], ['docker some', 'docker some']]);
  expect((await readPublished(t.app, SYSTEM)).inForce).toBe(true);
  // What is accepted is not accepted for good.
  await host.sh(`nft insert rule ip docker-bridges filter-FORWARD ip saddr ${OUT4} drop`);
  expect(await reaches()).toEqual([false, false, true]);
  await host.sh(`nft flush chain ip docker-bridges filter-FORWARD; nft 'add rule ip docker-bridges filter-FORWARD oifname vmap @filter-forward-in-jumps; add rule ip docker-bridges filter-FORWARD iifname vmap @filter-forward-out-jumps'`);
  expect(await reaches()).toEqual([true, false, true]);
});

it('all of them denied: the machine’s own ports, and what containers ask for outside, are not meant', async () => {
  // It may have cut off whoever asks, so it is armed.
  const { armed } = await add({ protocol: 'any' });
  keepArmed(t.app, SYSTEM, armed!.id);
  expect([await reaches(OTHER), await out.reaches(OUT4, HOST4, 22), await out.reaches(OUT6, HOST6, 22)]).toEqual([NONE, true, true]);
  await host.sh('systemd-run --quiet --unit=out ip netns exec out busybox httpd -f -p 7000 -h /srv');
  await until(async () => (await host.run('ip', 'netns', 'exec', 'out', 'sh', '-c', 'ss -Hltn sport = :7000 | grep -q LISTEN')).code === 0);
  for (const to of [OUT4, OUT6]) expect((await host.run('ip', 'netns', 'exec', 'web', 'nc', '-z', '-w', '2', to, '7000')).code).toBe(0);
  // Every form that a rule may have is read back as nft lists it.
  await add({ ports: '53, 1000-2000', protocol: 'any', family: 'v4' });
  await add({ action: 'allow', protocol: 'udp', source: '2001:db8:7::1', interface: 'cable0' });
  await add({ ports: '7', family: 'v6' });
  expect((await readPublished(t.app, SYSTEM)).inForce).toBe(true);
  expect((await standing()).split('\n').filter((line) => line.includes('ct status dnat')).length).toBe(10);
});

it('taken away by somebody they are told to be out of force and put back; what flushes everything loads them again', async () => {
  const before = await standing();
  await host.sh('nft delete table inet mantou_published');
  expect([(await readPublished(t.app, SYSTEM)).inForce, await reaches()]).toEqual([false, ALL]);
  expect(await restorePublished(t.app)).toBe(true);
  expect([await standing(), await restorePublished(t.app), await reaches()]).toEqual([before, false, [true, false, true]]);
  await host.sh('nft add table inet mantou_published "{ flags dormant; }"');
  expect((await readPublished(t.app, SYSTEM)).inForce).toBe(false);
  await restorePublished(t.app);
  expect([await standing(), await reaches()]).toEqual([before, [true, false, true]]);
  // The distribution's own service begins with `flush ruleset`.
  await host.sh('systemctl restart nftables');
  expect(await standing()).toBe(before);
});

it('after a boot they are in force before there is an engine or a panel; the last one gone, nothing of them is left', async () => {
  const before = await standing();
  await host.reboot();
  expect(await standing()).toBe(before);
  await engineUp();
  look();
  expect([await reaches(), (await readPublished(t.app, SYSTEM)).inForce, await restorePublished(t.app)]).toEqual([[true, false, true], true, false]);
  for (const { id } of (await readPublished(t.app, SYSTEM)).rules) await removePublished(t.app, SYSTEM, id);
  expect([await reaches(), await reaches(OTHER), await standing(), (await host.run('test', '-e', '/etc/mantou/published.nft')).code]).toEqual([ALL, ALL, '', 1]);
  expect(t.errors).toEqual([]);
});
