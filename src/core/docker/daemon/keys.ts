/** What a key of daemon.json holds: docs.docker.com/reference/cli/dockerd, "Daemon configuration file", of 20.10 to 28. */
export type KeyType = 'text' | 'switch' | 'number' | 'texts' | 'pairs' | 'object' | 'objects';

interface Key {
  type: KeyType;
  /** Taken without a restart (SIGHUP), as the same page says under "Configuration reload behavior". */
  reload?: true;
  /** What a flag is called that says the same, where that is not the key itself. */
  flags?: readonly string[];
}

const text: Key = { type: 'text' };
const toggle: Key = { type: 'switch' };
const number: Key = { type: 'number' };
const texts: Key = { type: 'texts' };
const pairs: Key = { type: 'pairs' };
const object: Key = { type: 'object' };

export const KEYS: Readonly<Record<string, Key>> = {
  'allow-nondistributable-artifacts': { ...texts, reload: true }, 'api-cors-header': text, 'authorization-plugins': { ...texts, reload: true, flags: ['authorization-plugin'] },
  bip: text, bip6: text, bridge: { ...text, flags: ['bridge', 'b'] }, 'bridge-accept-fwmark': text, builder: object, 'cgroup-parent': text, containerd: text, 'containerd-namespace': text, 'containerd-plugins-namespace': text,
  'cpu-rt-period': number, 'cpu-rt-runtime': number, 'data-root': { ...text, flags: ['data-root', 'graph', 'g'] }, debug: { ...toggle, reload: true, flags: ['debug', 'D'] },
  'default-address-pools': { type: 'objects', flags: ['default-address-pool'] }, 'default-cgroupns-mode': text, 'default-gateway': text, 'default-gateway-v6': text, 'default-ipc-mode': text, 'default-network-opts': object,
  'default-runtime': { ...text, reload: true }, 'default-shm-size': text, 'default-ulimits': { ...object, flags: ['default-ulimit'] }, dns: texts, 'dns-opts': { ...texts, flags: ['dns-opt'] }, 'dns-search': texts,
  'exec-opts': { ...texts, flags: ['exec-opt'] }, 'exec-root': text, experimental: toggle, features: { ...object, reload: true }, 'firewall-backend': text, 'fixed-cidr': text, 'fixed-cidr-v6': text, group: { ...text, flags: ['group', 'G'] },
  'host-gateway-ip': text, 'host-gateway-ips': texts, hosts: { ...texts, flags: ['host', 'H'] }, 'http-proxy': text, 'https-proxy': text, 'no-proxy': text, icc: toggle, init: toggle, 'init-path': text,
  'insecure-registries': { ...texts, reload: true, flags: ['insecure-registry'] }, ip: text, 'ip-forward': toggle, 'ip-forward-no-drop': toggle, 'ip-masq': toggle, ip6tables: toggle, iptables: toggle, ipv6: toggle, labels: { ...texts, reload: true, flags: ['label'] },
  'live-restore': { ...toggle, reload: true }, 'log-driver': text, 'log-format': text, 'log-level': { ...text, flags: ['log-level', 'l'] }, 'log-opts': { ...pairs, flags: ['log-opt'] },
  'max-concurrent-downloads': { ...number, reload: true }, 'max-concurrent-uploads': { ...number, reload: true }, 'max-download-attempts': { ...number, reload: true }, 'metrics-addr': text, mtu: number,
  'network-control-plane-mtu': number, 'no-new-privileges': toggle, 'node-generic-resources': { ...texts, flags: ['node-generic-resource'] }, 'oom-score-adjust': number, pidfile: { ...text, flags: ['pidfile', 'p'] }, proxies: object, 'raw-logs': toggle,
  'registry-mirrors': { ...texts, reload: true, flags: ['registry-mirror'] }, runtimes: { ...object, reload: true, flags: ['add-runtime'] }, 'seccomp-profile': text, 'selinux-enabled': toggle, 'shutdown-timeout': { ...number, reload: true },
  'storage-driver': { ...text, flags: ['storage-driver', 's'] }, 'storage-opts': { ...texts, flags: ['storage-opt'] }, 'swarm-default-advertise-addr': text, tls: toggle, tlscacert: text, tlscert: text, tlskey: text, tlsverify: toggle,
  'userland-proxy': toggle, 'userland-proxy-path': text, 'userns-remap': text,
};

const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const FITS: Readonly<Record<KeyType, (value: unknown) => boolean>> = {
  text: isText,
  switch: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number' && Number.isInteger(value),
  texts: (value) => Array.isArray(value) && value.every(isText),
  pairs: (value) => isObject(value) && Object.values(value as object).every(isText),
  object: isObject,
  objects: (value) => Array.isArray(value) && value.every(isObject),
};

/** The key of the same meaning as a flag that dockerd was started with; null: none. `--exec-opt=native.cgroupdriver=systemd` → "exec-opts". */
export function keyOfFlag(flag: string): string | null {
  const name = /^--?([\w-]+)/.exec(flag)?.[1];
  if (!name || name === 'config-file') return null;
  // `-Hfd://`, as flags of one letter may be written.
  const short = /^-[a-zA-Z]/.test(flag) ? name[0]! : name;
  return Object.entries(KEYS).find(([key, { flags }]) => (flags ?? [key]).includes(short) || key === short)?.[0] ?? null;
}
