/** Names the file of the network that leads to the world, for what those inside have to fetch. That of process 1 is not everywhere ours to open. */
export const MACHINE_NETWORK = 'MANTOU_TEST_NETWORK';

// Without IPv6: an address of it comes a second later (duplicate address detection), which is a change.
const setup = (name: string) => [
  ['ip', 'netns', 'add', name],
  ['nsenter', `--net=${fileOf(name)}`, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'],
  ['ip', '-n', name, 'link', 'set', 'lo', 'up'],
  ['ip', '-n', name, 'link', 'add', 'card0', 'type', 'veth', 'peer', 'name', 'card1'],
  ['ip', '-n', name, 'addr', 'add', '192.0.2.1/24', 'dev', 'card0'],
  ['ip', '-n', name, 'link', 'set', 'card1', 'up'],
  ['ip', '-n', name, 'link', 'set', 'card0', 'up'],
];
const fileOf = (name: string) => `/run/netns/${name}`;
/** The kernel tells of a card that came up within a second. */
const SETTLE_MS = 1500;

export interface Network {
  /** Words to put before a command line; none where namespaces are not allowed: then the tests run as they are. */
  inside: string[];
  end(): void;
}

/**
 * A network of their own for the browser tests, with nothing in it but loopback and a card that leads nowhere.
 *
 * Chromium drops what it is loading (net::ERR_NETWORK_CHANGED) whenever an address of the machine comes or goes, and the
 * containers that test/real starts beside it make them come and go. The card keeps `navigator.onLine` true. Calling home is
 * not possible from here either.
 * @param nth of this run
 */
export async function ownNetwork(nth = 0): Promise<Network> {
  const name = `mantou-test-${process.pid}-${nth}`;
  const end = () => void (Bun.which('ip') && runs(['ip', 'netns', 'delete', name]));
  const there = process.platform === 'linux' && ['ip', 'nsenter'].every((tool) => Bun.which(tool));
  if (!there || !setup(name).every((argv) => runs(argv))) return { inside: [], end };
  await Bun.sleep(SETTLE_MS);
  return { inside: ['nsenter', `--net=${fileOf(name)}`], end };
}

const runs = (argv: string[]) => Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 10_000 }).exitCode === 0;
