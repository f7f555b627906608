import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { VolumeName } from '../volumes/volume.ts';
import type { Rendered } from './rendered.ts';

/** What a service may not have when somebody starts it who is not root of the host by right. */
export interface Breach {
  service: string;
  /** As the file calls it: "privileged", "volumes: /etc". */
  what: string;
}

/** Keys of a service that reach no further than the container itself. What is new in Compose is refused until it is known. */
const HARMLESS = new Set([
  'annotations', 'attach', 'blkio_config', 'command', 'configs', 'container_name', 'cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_shares', 'cpus', 'cpuset', 'depends_on',
  'dns', 'dns_opt', 'dns_search', 'domainname', 'entrypoint', 'environment', 'expose', 'extra_hosts', 'healthcheck', 'hostname', 'image', 'init', 'isolation', 'labels',
  'links', 'mac_address', 'mem_limit', 'mem_reservation', 'mem_swappiness', 'memswap_limit', 'oom_score_adj', 'platform', 'ports', 'profiles', 'pull_policy', 'read_only',
  'restart', 'scale', 'secrets', 'shm_size', 'stdin_open', 'stop_grace_period', 'stop_signal', 'storage_opt', 'tmpfs', 'tty', 'ulimits', 'user', 'volumes', 'working_dir',
  'cap_drop', 'group_add', 'pids_limit', 'networks', 'network_mode', 'deploy', 'privileged', 'logging', 'env_file',
]);

/** Drivers of logs that write to files of the host by paths of their own, or to elsewhere, are not among them. */
const LOGS = new Set(['json-file', 'local', 'journald', 'none']);

/**
 * What of a rendered stack makes whoever starts it root on the host: containers beside the host's own namespaces, devices,
 * capabilities, folders of the host beyond the stack's own, the engine's socket. Allowed is what is known to be harmless.
 */
export function breachesOf(rendered: Rendered, folder: string): Breach[] {
  const found: Breach[] = [];
  const binds = Object.values(rendered.services).flatMap(bindsOf);
  for (const [service, spec] of Object.entries(rendered.services)) {
    const add = (what: string) => found.push({ service, what });
    for (const [key, value] of Object.entries(spec)) {
      if (value === null || value === undefined || value === false) continue;
      if (!HARMLESS.has(key) && !isEmpty(value)) add(key);
      if (key === 'privileged') add(key);
      if (key === 'network_mode' && !['bridge', 'none'].includes(String(value)) && !String(value).startsWith('service:')) add(`network_mode: ${value}`);
      if (key === 'logging' && !LOGS.has(String((value as { driver?: unknown }).driver ?? 'json-file'))) add('logging');
      if (key === 'deploy' && reservesDevices(value)) add('deploy: devices');
    }
    for (const source of bindsOf(spec)) {
      if (!isWithin(folder, source)) add(`volumes: ${source}`);
      // What has the upper one may put a link where the engine looks for the lower one, whenever it starts that again.
      else if (binds.some((other) => isBelow(resolve(folder, other), resolve(folder, source)))) add(`volumes: ${source} in another volume`);
    }
  }
  for (const [kind, key] of [['volumes', 'driver_opts'], ['networks', 'driver_opts'], ['secrets', 'file'], ['configs', 'file']] as const) {
    for (const [name, spec] of Object.entries(rendered[kind] ?? {})) {
      const value = (spec as Record<string, unknown> | null)?.[key];
      if (key === 'file' ? typeof value === 'string' && (!isWithin(folder, value) || binds.some((bind) => isBelow(resolve(folder, bind), resolve(folder, value)))) : !isEmpty(value)) found.push({ service: kind, what: `${name}: ${key}` });
      const driver = (spec as { driver?: unknown } | null)?.driver;
      // What is no name of a volume is a folder: `{name: /etc}` is bound like one (Compose 1.29).
      if (kind === 'volumes') for (const one of volumeNames({ volumes: { [name]: spec } } as Rendered, 'x')) if (!VolumeName.safeParse(one).success) found.push({ service: kind, what: `${name}: name ${one}` });
      if (kind === 'networks' && driver !== undefined && !['bridge', 'overlay'].includes(String(driver))) found.push({ service: kind, what: `${name}: driver ${driver}` });
      if (kind === 'networks' && (name === 'host' || (spec as { name?: unknown } | null)?.name === 'host')) found.push({ service: kind, what: 'host' });
    }
  }
  return found;
}

/** Folders of the host that its containers have, absolute. */
export const bindFolders = ({ services }: Rendered, folder: string): string[] => Object.values(services).flatMap(bindsOf).map((bind) => resolve(folder, bind));

/** Volumes of a rendered stack by the name that the engine knows them by. */
export function volumeNames({ volumes }: Rendered, project: string): string[] {
  return Object.entries(volumes ?? {}).flatMap(([key, spec]) => {
    const { name, external } = (spec ?? {}) as { name?: unknown; external?: unknown };
    // Of old, `external: {name: x}`.
    const given = name ?? (external as { name?: unknown } | undefined)?.name;
    return given === undefined ? [external ? key : `${project}_${key}`] : [String(given)];
  });
}

const bindsOf = (spec: Record<string, unknown>): string[] => asList(spec['volumes']).flatMap((volume) => bindOf(volume) ?? []);

const isBelow = (folder: string, path: string) => {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
};

const isEmpty = (value: unknown) => value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const reservesDevices = (deploy: unknown) => !isEmpty((deploy as { resources?: { reservations?: { devices?: unknown } } }).resources?.reservations?.devices);

/** Folder of the host that a volume is: `/etc:/host:ro` of 1.29, `{type: bind, source: /etc}` of both; null: a named one, or none. */
function bindOf(volume: unknown): string | null {
  if (typeof volume === 'string') {
    const [source = '', target] = volume.split(':');
    return target !== undefined && /^[./~]/.test(source) ? source : null;
  }
  const { type, source } = (volume ?? {}) as { type?: unknown; source?: unknown };
  return type === 'volume' || type === 'tmpfs' ? null : String(source ?? '');
}

/** Also not the folder of the stack itself: what runs could change what it is. What a link leads to counts: containers may have put it there. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, resolve(folder, path));
  if (way === '' || way.startsWith('..') || isAbsolute(way) || /^\.env$|\.ya?ml$/i.test(way)) return false;
  const [base, real] = [realOf(resolve(folder)), realOf(resolve(folder, path))];
  return base !== null && real !== null && relative(base, real) === way;
}

/** Where a path leads, as far as it is there; null: through a link that leads nowhere. */
function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() || dirname(path) === path) return null;
    const above = realOf(dirname(path));
    return above && join(above, basename(path));
  }
}
