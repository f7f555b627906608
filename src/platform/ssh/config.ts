import { preferTypes } from './host-key.ts';

/** How one machine on the way is signed in to; paths are those of this machine. */
export type Login = { kind: 'ask' } | { kind: 'password' } | { kind: 'key'; path: string } | { kind: 'agent'; socket: string };

/** A machine on the way; the first is where the way leads, each is reached through the next. */
export interface Hop {
  address: string;
  port: number;
  user: string;
  login: Login;
  /** Confirmed host keys, "type base64". */
  keys: readonly string[];
}

/** Name of a hop within the options and in the arguments of ssh, never an address. */
export const hopAlias = (index: number) => `mantou-hop-${index}`;

/** What known_hosts lists it under, and what ssh calls it when it asks: `hk-01`, `hk-01:2222`. */
const shownAddress = ({ address, port }: Hop) => (port === 22 ? address : `${address}:${port}`);

/**
 * ssh_config(5) of one way, read by this ssh alone and by those that it starts for the hops.
 *
 * Values stand in the file, never in the arguments: none can become an option (S2). ssh itself starts the one for the
 * next hop through a shell, as `ssh -F <this file> -W '[address]:port' mantou-hop-1`: of all values only the address gets
 * there, and the schema of hosts lets nothing into an address that means something to a shell (S1).
 *
 * @param share path of the socket by which further ssh go through the connection of the first
 * @param lookAt only ask the first hop for its key: it is written into this file, and nothing of ours is sent
 */
export function sshConfig(hops: readonly Hop[], { knownHosts, lookAt, share }: { knownHosts: string; lookAt?: string; share?: string }): string {
  const sections = hops.map((hop, i) => {
    const looks = i === 0 && lookAt !== undefined;
    return [
      `Host ${hopAlias(i)}`,
      `HostName ${word(hop.address)}`,
      `Port ${hop.port}`,
      `User ${word(hop.user)}`,
      `HostKeyAlias ${word(shownAddress(hop))}`,
      `ProxyJump ${i + 1 < hops.length ? hopAlias(i + 1) : 'none'}`,
      ...(i === 0 && share !== undefined ? shared(share) : []),
      ...(looks ? lookOnly(hop, lookAt) : login(hop.login)),
    ].join('\n  ');
  });
  return `${[...sections, everywhere(knownHosts)].join('\n')}\n`;
}

/** One connection for many, which says soon when the other side has gone. What it forwards is asked for one by one, by us. */
const shared = (socket: string) => [
  'ControlMaster auto', `ControlPath ${quoted(socket)}`, 'ClearAllForwardings no', 'StreamLocalBindMask 0177', 'StreamLocalBindUnlink yes',
  'ServerAliveInterval 5', 'ServerAliveCountMax 3', 'NumberOfPasswordPrompts 1',
];

/** known_hosts(5) of the same hops. */
export const knownHosts = (hops: readonly Hop[]) => hops.flatMap((hop) => hop.keys.map((key) => `${shownAddress(hop)} ${key}\n`)).join('');

const PUBLIC_KEY = 'PreferredAuthentications publickey,keyboard-interactive,password';

function login(by: Login): string[] {
  const nothing = ['IdentityAgent none', 'IdentityFile none'];
  // What asks by itself comes first: behind the password it may ask for a second factor.
  if (by.kind === 'ask' || by.kind === 'password') return [...nothing, 'PubkeyAuthentication no', 'PreferredAuthentications keyboard-interactive,password'];
  if (by.kind === 'agent') return [`IdentityAgent ${quoted(by.socket)}`, 'IdentityFile none', PUBLIC_KEY];
  return ['IdentityAgent none', `IdentityFile ${quoted(by.path)}`, 'IdentitiesOnly yes', PUBLIC_KEY];
}

function lookOnly(hop: Hop, into: string): string[] {
  const first = preferTypes(hop.keys);
  return [
    'BatchMode yes', 'PreferredAuthentications none', 'PubkeyAuthentication no', 'IdentityAgent none', 'IdentityFile none',
    'StrictHostKeyChecking accept-new', `UserKnownHostsFile ${quoted(into)}`, ...(first ? [`HostKeyAlgorithms ${first}`] : []),
  ];
}

/** Nothing is trusted but what was pinned, nothing is forwarded, nothing runs here. */
const everywhere = (knownHosts: string) =>
  [
    'Host *', 'StrictHostKeyChecking yes', `UserKnownHostsFile ${quoted(knownHosts)}`, 'GlobalKnownHostsFile /dev/null', 'UpdateHostKeys no', 'VerifyHostKeyDNS no',
    'CheckHostIP no', 'HashKnownHosts no', 'CanonicalizeHostname no', 'ClearAllForwardings yes', 'ForwardAgent no', 'ForwardX11 no', 'Tunnel no', 'PermitLocalCommand no',
    'ControlMaster no', 'ControlPath none', 'AddKeysToAgent no', 'GSSAPIAuthentication no', 'HostbasedAuthentication no', 'EscapeChar none', 'ConnectTimeout 15',
    'ServerAliveInterval 15', 'ServerAliveCountMax 4', 'NumberOfPasswordPrompts 3', 'LogLevel INFO',
  ].join('\n  ');

/** A value of one word. The schema lets nothing else through; this is the second lock, beside the file. */
function word(value: string): string {
  if (!/^[\p{L}\p{N}_:][\p{L}\p{N}\p{M}_.:@+\\-]*$/u.test(value)) throw new Error('ssh_config takes no such word');
  return value;
}

/** A path; `%` begins a token and `${` a variable of the environment. */
function quoted(path: string): string {
  if (/["\\\p{Cc}\p{Zl}\p{Zp}]/u.test(path) || path.includes('${')) throw new Error('ssh_config takes no such path');
  return `"${path.replaceAll('%', '%%')}"`;
}
