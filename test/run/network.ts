/**
 * A network of their own for the browser tests, with nothing in it but loopback and a card that leads nowhere.
 *
 * Chromium drops what it is loading (net::ERR_NETWORK_CHANGED) whenever an address of the machine comes or goes, and the
 * containers that test/real starts beside it make them come and go. The card keeps `navigator.onLine` true. Calling home is
 * not possible from here either.
 */
const name = `mantou-test-${process.pid}`;
const file = `/run/netns/${name}`;

// Without IPv6: an address of it comes a second later (duplicate address detection), which is a change.
const SETUP = [
  ['ip', 'netns', 'add', name],
  ['nsenter', `--net=${file}`, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'],
  ['ip', '-n', name, 'link', 'set', 'lo', 'up'],
  ['ip', '-n', name, 'link', 'add', 'card0', 'type', 'veth', 'peer', 'name', 'card1'],
  ['ip', '-n', name, 'addr', 'add', '192.0.2.1/24', 'dev', 'card0'],
  ['ip', '-n', name, 'link', 'set', 'card1', 'up'],
  ['ip', '-n', name, 'link', 'set', 'card0', 'up'],
];
/** The kernel tells of a card that came up within a second. */
const SETTLE_MS = 1500;

export interface Network {
  /** Words to put before a command line; none where namespaces are not allowed: then the tests run as they are. */
  inside: string[];
  end(): void;
}

export async function ownNetwork(): Promise<Network> {
  const there = process.platform === 'linux' && ['ip', 'nsenter'].every((tool) => Bun.which(tool));
  if (!there || !SETUP.every((argv) => runs(argv))) return { inside: [], end: remove };
  await Bun.sleep(SETTLE_MS);
  return { inside: ['nsenter', `--net=${file}`], end: remove };
}

const remove = () => void (Bun.which('ip') && runs(['ip', 'netns', 'delete', name]));
const runs = (argv: string[]) => Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 10_000 }).exitCode === 0;
