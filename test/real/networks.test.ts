import { afterAll, beforeAll, expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { NewNetwork } from '../../src/core/networks/new.ts';
import { connectable, connectContainer, createNetwork, disconnectContainer, getNetwork, listNetworks, removeNetwork } from '../../src/core/networks/networks.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { engine, testContainers } from '../support/docker.ts';
import { needs } from '../support/needs.ts';

const it = needs('docker', 'busybox');
const rooted = needs('root', 'docker', 'busybox');
const containers = testContainers('networks');
const OWN = `mantou-test-networks-${process.pid}`;
let panel: TestApp;

if (it.ok) {
  beforeAll(() => void (panel = testApp({ docker: engine() })));
  afterAll(async () => {
    await containers.removeAll();
    for (const { id, name } of await listNetworks(panel.app, SYSTEM)) if (name.startsWith(OWN)) await panel.app.host.docker.ask({ method: 'DELETE', path: `/networks/${id}` });
    await panel.close();
  });
}

const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const make = (name: string, more: object = {}) => createNetwork(panel.app, SYSTEM, NewNetwork.parse({ name: `${OWN}-${name}`, ...more }));

it('a network of its own: a container is put on it, found there, taken off again', async () => {
  // 10.213 is that of hosts with systemd.
  const octet = process.pid % 250;
  const id = await make('a', { subnets: [{ subnet: `10.216.${octet}.0/24`, gateway: `10.216.${octet}.9` }], internal: true, labels: { owner: 'tests' } });
  expect(await getNetwork(panel.app, SYSTEM, id)).toMatchObject({
    name: `${OWN}-a`, driver: 'bridge', internal: true, ipv6: false, predefined: false, labels: { owner: 'tests' }, subnets: [{ subnet: `10.216.${octet}.0/24`, gateway: `10.216.${octet}.9` }], members: [],
  });
  expect(await make('a').catch(words)).toBe(`conflict: There is a network ${OWN}-a already.`);
  const one = await containers.run(['sleep', '600']);
  const other = await containers.run(['sh', '-c', 'sleep 600'], {}, `${containers.prefix}-other`);
  expect((await connectable(panel.app, SYSTEM, await getNetwork(panel.app, SYSTEM, id))).map(({ name }) => name)).toEqual(expect.arrayContaining([one.name, other.name]));
  await connectContainer(panel.app, SYSTEM, id, { container: one.id });
  await connectContainer(panel.app, SYSTEM, id, { container: other.name });
  const { members } = await getNetwork(panel.app, SYSTEM, `${OWN}-a`);
  expect(members.map(({ name, running }) => [name, running])).toEqual([one, other].map(({ name }) => [name, true] as [string, boolean]).toSorted());
  expect(members[0]!.ipv4).toStartWith(`10.216.${octet}.`);
  expect((await listNetworks(panel.app, SYSTEM, { q: `10.216.${octet}.` }))[0]!.usedBy.map(({ id: user }) => user)).toContain(one.id);
  expect(await connectContainer(panel.app, SYSTEM, id, { container: one.id }).catch(words)).toMatch(/^conflict: The container engine refused: .*already exists/);
  expect(await removeNetwork(panel.app, SYSTEM, id).catch(words)).toMatch(/^conflict: .* run on .*Disconnect or stop them first\.$/);
  await disconnectContainer(panel.app, SYSTEM, id, { container: one.id });
  await disconnectContainer(panel.app, SYSTEM, id, { container: other.id });
  expect(await disconnectContainer(panel.app, SYSTEM, id, { container: one.id }).catch(words)).toMatch(/^(conflict|unavailable|not_found): The container engine refused: /);
  await removeNetwork(panel.app, SYSTEM, id);
  expect(await getNetwork(panel.app, SYSTEM, id).catch(words)).toStartWith('not_found: ');
});

it('with IPv6 the engine has what was asked for', async () => {
  // No zero, which the engine would leave out.
  const tail = (1 + (process.pid % 0xffff)).toString(16);
  const six = await make('six', { ipv6: true, subnets: [{ subnet: `fd00:${tail}::/64` }] });
  expect(await getNetwork(panel.app, SYSTEM, six)).toMatchObject({ ipv6: true });
  expect((await getNetwork(panel.app, SYSTEM, six)).subnets.map(({ subnet }) => subnet)).toContain(`fd00:${tail}::/64`);
  await removeNetwork(panel.app, SYSTEM, six);
});

it('those of the engine stay; a subnet that is taken is refused in its words', async () => {
  for (const name of ['bridge', 'host', 'none']) expect(await removeNetwork(panel.app, SYSTEM, name).catch(words)).toBe(`conflict: ${name} belongs to the engine and cannot be removed.`);
  const [taken] = (await getNetwork(panel.app, SYSTEM, 'bridge')).subnets;
  expect(await make('taken', { subnets: [{ subnet: taken!.subnet }] }).catch(words)).toMatch(/^\w+: The container engine refused: .*(overlap|Pool)/);
});

/** A card of the machine that leads nowhere: two ends of a line. */
async function withCards(run: (one: string, other: string) => Promise<void>) {
  const [one, other] = [`mva${process.pid}`, `mvb${process.pid}`];
  const ip = (...args: string[]) => expect(Bun.spawnSync(['ip', 'link', ...args], { stderr: 'inherit' }).exitCode).toBe(0);
  ip('add', one, 'type', 'veth', 'peer', 'name', other);
  try {
    for (const card of [one, other]) ip('set', card, 'up');
    await run(one, other);
  } finally {
    ip('del', one);
  }
}

rooted('macvlan and ipvlan: the engine has them on the card that was named, and a container has its own address beside it', async () => {
  await withCards(async (one, other) => {
    const octet = process.pid % 250;
    const mac = await make('mac', { driver: 'macvlan', parent: one, subnets: [{ subnet: `10.214.${octet}.0/24` }] });
    expect(await getNetwork(panel.app, SYSTEM, mac)).toMatchObject({ driver: 'macvlan', options: { parent: one }, subnets: [{ subnet: `10.214.${octet}.0/24` }] });
    const { id } = await containers.run(['sleep', '600'], { HostConfig: { NetworkMode: `${OWN}-mac` } });
    expect((await getNetwork(panel.app, SYSTEM, mac)).members).toEqual([expect.objectContaining({ id, ipv4: expect.stringMatching(new RegExp(`^10\\.214\\.${octet}\\.`)) })]);
    expect(await removeNetwork(panel.app, SYSTEM, mac).catch(words)).toMatch(/^conflict: .* runs? on /);
    await panel.app.host.docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
    await removeNetwork(panel.app, SYSTEM, mac);
    // Whether containers run on ipvlan is the kernel's business: this one may have no such driver.
    const ipv = await make('ipv', { driver: 'ipvlan', parent: other, subnets: [{ subnet: `10.215.${octet}.0/24`, gateway: `10.215.${octet}.1` }] });
    expect(await getNetwork(panel.app, SYSTEM, ipv)).toMatchObject({ driver: 'ipvlan', options: { parent: other }, subnets: [{ gateway: `10.215.${octet}.1` }] });
    await removeNetwork(panel.app, SYSTEM, ipv);
    expect(await make('none', { driver: 'macvlan', parent: 'nocard0' }).catch(words)).toMatch(/^\w+: The container engine refused: /);
  });
});
