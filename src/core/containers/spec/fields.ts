import { quote } from 'shell-quote';
import { variablesOf, isSecretName, HIDDEN } from '../redact.ts';
import { nameOf, type Config, type Inspected } from '../recreate/inspected.ts';
import { isLine } from './body.ts';
import type { ContainerFields } from './input.ts';
import { isEnvLine, isPairKey, portLine } from './lines.ts';

type Bindings = Record<string, { HostIp?: string; HostPort?: string }[] | null>;

const bytes = (n: unknown) => {
  const size = Number(n ?? 0);
  if (!size) return '';
  for (const [power, unit] of [[3, 'g'], [2, 'm'], [1, 'k']] as const) if (size % 1024 ** power === 0) return `${size / 1024 ** power}${unit}`;
  return `${size}b`;
};

/** What has several lines has no place in a list of lines: it stays as it is, as what is secret does. */
const onOneLine = (value: string) => (/[\r\n]/.test(value) ? HIDDEN : value);

const pairs = (record: Record<string, string> | null | undefined) =>
  Object.entries(record ?? {}).filter(([key]) => isPairKey(key)).map(([key, value]) => `${key}=${value && isSecretName(key) ? HIDDEN : onOneLine(value)}`).join('\n');

/** A container as the fields of the form: what is its own, not what its image gives. Secret values are not in it. */
export function fieldsOf(one: Inspected, own: Config): Partial<ContainerFields> {
  const host = one.HostConfig as Inspected['HostConfig'] & Record<string, unknown>;
  const bindings = (host.PortBindings ?? {}) as Bindings;
  const health = own.Healthcheck as { Test?: string[]; Interval?: number; Retries?: number } | undefined;
  const log = host.LogConfig as { Type?: string; Config?: Record<string, string> } | undefined;
  const mounts = (host.Mounts ?? []).filter(isLine) as unknown as { Source: string; Target: string; ReadOnly?: boolean }[];
  return {
    name: nameOf(one), image: one.Config.Image ?? one.Image,
    command: quote(own.Cmd ?? []), entrypoint: quote(own.Entrypoint ?? []),
    env: variablesOf((own.Env ?? []).filter(isEnvLine)).map(({ name, value }) => `${name}=${onOneLine(value)}`).join('\n'),
    ports: Object.entries(bindings).flatMap(([key, all]) => {
      const [container = '', protocol = 'tcp'] = key.split('/');
      return (all ?? []).map(({ HostIp = '', HostPort = '' }) => portLine({ address: HostIp, host: HostPort, container, protocol: protocol as 'tcp' }));
    }).join('\n'),
    mounts: [...(host.Binds ?? []), ...mounts.map(({ Source, Target, ReadOnly }) => `${Source}:${Target}${ReadOnly ? ':ro' : ''}`)].join('\n'),
    network: host.NetworkMode === 'default' ? '' : (host.NetworkMode ?? ''),
    restart: (host.RestartPolicy as { Name?: string } | undefined)?.Name || 'no',
    memory: bytes(host.Memory), cpus: host.NanoCpus ? String(Number(host.NanoCpus) / 1e9) : '',
    user: own.User ?? '', workingDir: own.WorkingDir ?? '', hostname: own.Hostname === one.Id.slice(0, 12) ? '' : (own.Hostname ?? ''),
    labels: pairs(own.Labels),
    capAdd: ((host.CapAdd as string[] | null) ?? []).join(' '), capDrop: ((host.CapDrop as string[] | null) ?? []).join(' '),
    devices: ((host.Devices as { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[] | null) ?? []).map((each) => `${each.PathOnHost}:${each.PathInContainer}:${each.CgroupPermissions}`).join('\n'),
    gpus: ((host.DeviceRequests as { Capabilities?: string[][] }[] | null) ?? []).some(({ Capabilities }) => Capabilities?.flat().includes('gpu')) ? 'on' : '',
    privileged: host.Privileged ? 'on' : '', readOnly: host.ReadonlyRootfs ? 'on' : '', init: host.Init ? 'on' : '', tty: own.Tty ? 'on' : '',
    health: health?.Test?.[0] === 'NONE' ? 'NONE' : (health?.Test?.slice(1).join(' ') ?? ''),
    healthInterval: health?.Interval ? String(health.Interval / 1e9) : '', healthRetries: health?.Retries ? String(health.Retries) : '',
    logDriver: log?.Type === 'json-file' && !Object.keys(log.Config ?? {}).length ? '' : (log?.Type ?? ''), logOptions: pairs(log?.Config),
  };
}

/** Names of variables, labels and options that no line of the form can say: they stay as they are. */
export function unsaidOf(one: Inspected, own: Config): string[] {
  const log = one.HostConfig.LogConfig as { Config?: Record<string, string> | null } | undefined;
  const keys = [...Object.keys(own.Labels ?? {}), ...Object.keys(log?.Config ?? {})].filter((key) => !isPairKey(key));
  return [...(own.Env ?? []).filter((pair) => !isEnvLine(pair)).map((pair) => pair.split('=', 1)[0]!), ...keys];
}
