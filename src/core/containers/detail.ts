import { z } from 'zod';
import { hideSecrets } from '../../platform/command-line.ts';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { askDocker } from '../docker/ask.ts';
import { CONTAINER_STATES, portsOf, type Container, type Health, type Port } from './container.ts';
import { allVariables, hideInspected, hideWords, variablesOf, type Variable } from './redact.ts';

/** A page that asks about one container waits this long for the engine. */
export const ASK_MS = 4000;

export const RESTART_POLICIES = ['no', 'on-failure', 'unless-stopped', 'always'] as const;
export type RestartPolicy = (typeof RESTART_POLICIES)[number];

export interface HealthCheck {
  at: number;
  exitCode: number;
  output: string;
}

export interface Mount {
  kind: string;
  /** Path on the machine, or name of a volume. */
  source: string;
  /** Path in the container. */
  target: string;
  writable: boolean;
}

export interface Attachment {
  network: string;
  /** '' where the engine does not say: of a network that it has never been in. */
  networkId: string;
  ipv4: string | null;
  ipv6: string | null;
  aliases: string[];
}

/** One container, as its page and the API show it. */
export interface ContainerDetail extends Container {
  startedAt: number | null;
  finishedAt: number | null;
  /** What the engine said when it could not start. */
  error: string | null;
  outOfMemory: boolean;
  restarts: number;
  restartPolicy: RestartPolicy;
  /** Of on-failure; 0: no limit. */
  restartsMost: number;
  /** Newest last; empty for who may not inspect: it may tell secrets. */
  checks: HealthCheck[];
  user: string;
  workingFolder: string;
  hostname: string;
  tty: boolean;
  privileged: boolean;
  /** It has the network of the machine: there is nothing to publish. */
  hostNetwork: boolean;
  /** Bytes; null: none. */
  memoryLimit: number | null;
  /** Cores; null: none. */
  cpuLimit: number | null;
  processesMost: number | null;
  logDriver: string;
  mounts: Mount[];
  attachments: Attachment[];
  /** Folder and files of its stack. */
  stackFolder: string | null;
  stackFiles: string | null;
  /** null for who may not inspect. Secret values are hidden. */
  variables: Variable[] | null;
}

const Text = z.string().nullish();
const Count = z.number().nullish();
const Network = z.object({ NetworkID: Text, IPAddress: Text, GlobalIPv6Address: Text, Aliases: z.array(z.string()).nullish() });

/** GET /containers/{id}/json, of it what is used. */
export const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: z.string(),
  Path: z.string(),
  Args: z.array(z.string()).nullish(),
  Image: z.string(),
  RestartCount: Count,
  State: z.object({
    Status: z.enum(CONTAINER_STATES).catch('dead'),
    StartedAt: Text, FinishedAt: Text, ExitCode: z.number(), Error: Text, OOMKilled: z.boolean().nullish(),
    Health: z.object({
      Status: z.string(),
      Log: z.array(z.object({ Start: z.string(), ExitCode: z.number(), Output: Text })).nullish(),
    }).nullish(),
  }),
  Config: z.object({
    Image: z.string(), Env: z.array(z.string()).nullish(), Tty: z.boolean().nullish(), User: Text, WorkingDir: Text, Hostname: Text,
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    RestartPolicy: z.object({ Name: z.string(), MaximumRetryCount: Count }).nullish(),
    Memory: Count, NanoCpus: Count, CpuQuota: Count, CpuPeriod: Count, PidsLimit: Count, Privileged: z.boolean().nullish(), NetworkMode: Text,
    LogConfig: z.object({ Type: z.string() }).nullish(),
  }),
  Mounts: z.array(z.object({ Type: z.string(), Name: Text, Source: Text, Destination: z.string(), RW: z.boolean() })).nullish(),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish()).nullish(),
    Networks: z.record(z.string(), Network).nullish(),
  }).nullish(),
});

type Inspected = z.output<typeof Inspected>;

const ask = <S extends z.ZodType>(app: App, id: string, schema: S) => askDocker(app, { path: `/containers/${id}/json`, timeout: ASK_MS }, schema);

/** @param id checked by ContainerId @throws AppError denied, not_found, unavailable */
export async function getContainer(app: App, actor: Actor, id: string): Promise<ContainerDetail> {
  need(actor, 'containers.read');
  const detail = detailOf(await ask(app, id, Inspected), app.clock.now());
  if (can(actor, 'containers.inspect')) return detail;
  return { ...detail, variables: null, checks: [] };
}

/** Everything the engine says of it, without what is told in secret. @throws AppError denied, not_found, unavailable */
export async function inspectContainer(app: App, actor: Actor, id: string): Promise<Record<string, unknown>> {
  need(actor, 'containers.inspect');
  return hideInspected(await ask(app, id, z.record(z.string(), z.unknown()))) as Record<string, unknown>;
}

/** Its environment as it is, secrets too: who looks is written down. @throws AppError denied, not_found, unavailable */
export async function revealVariables(app: App, actor: Actor, id: string): Promise<Variable[]> {
  need(actor, 'containers.admin');
  const { Name, Config } = await ask(app, id, Inspected);
  record(app, actor, { action: 'containers.reveal', target: nameOf(Name) });
  return allVariables(Config.Env ?? []);
}

/** Has it a terminal? Its log has no headers then. @throws AppError not_found, unavailable */
export async function hasTerminal(app: App, id: string): Promise<boolean> {
  return (await ask(app, id, Inspected)).Config.Tty ?? false;
}

const nameOf = (name: string) => name.replace(/^\//, '');

export function detailOf(raw: Inspected, now: number): ContainerDetail {
  const { State: state, Config: config, HostConfig: host } = raw;
  const labels = config.Labels ?? {};
  const startedAt = timeOf(state.StartedAt);
  const finishedAt = timeOf(state.FinishedAt);
  const runs = ['running', 'paused', 'restarting'].includes(state.Status);
  const since = runs ? startedAt : finishedAt;
  return {
    id: raw.Id, name: nameOf(raw.Name), image: config.Image, imageId: raw.Image,
    command: hideWords([raw.Path, ...(raw.Args ?? [])]).join(' '),
    state: state.Status, health: healthOf(state.Health?.Status),
    exitCode: runs || state.Status === 'created' ? null : state.ExitCode,
    sinceMs: since === null ? null : Math.max(0, now - since),
    createdAt: Date.parse(raw.Created), startedAt, finishedAt: runs ? null : finishedAt,
    error: state.Error || null, outOfMemory: state.OOMKilled ?? false,
    restarts: raw.RestartCount ?? 0, restartPolicy: policyOf(host.RestartPolicy?.Name), restartsMost: host.RestartPolicy?.MaximumRetryCount ?? 0,
    checks: (state.Health?.Log ?? []).map(({ Start, ExitCode, Output }) => ({ at: Date.parse(Start), exitCode: ExitCode, output: hideSecrets(Output ?? '').slice(0, 4096) })),
    user: config.User || '', workingFolder: config.WorkingDir || '/', hostname: config.Hostname || '', tty: config.Tty ?? false,
    privileged: host.Privileged ?? false, hostNetwork: host.NetworkMode === 'host',
    memoryLimit: positive(host.Memory), cpuLimit: cpusOf(host), processesMost: positive(host.PidsLimit), logDriver: host.LogConfig?.Type ?? '',
    ports: portsOf(Object.entries(raw.NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]) => publishedAs(port, bindings ?? []))),
    mounts: (raw.Mounts ?? []).map((one) => ({ kind: one.Type, source: (one.Type === 'volume' ? one.Name : one.Source) || '', target: one.Destination, writable: one.RW })),
    attachments: Object.entries(raw.NetworkSettings?.Networks ?? {}).map(([network, one]) => ({ network, networkId: one.NetworkID || '', ipv4: one.IPAddress || null, ipv6: one.GlobalIPv6Address || null, aliases: one.Aliases ?? [] })),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}),
    stack: labels['com.docker.compose.project'] ?? null, service: labels['com.docker.compose.service'] ?? null,
    stackFolder: labels['com.docker.compose.project.working_dir'] ?? null, stackFiles: labels['com.docker.compose.project.config_files'] ?? null,
    variables: variablesOf(config.Env ?? []),
  };
}

/** `0001-01-01T00:00:00Z` is how the engine says never. */
function timeOf(text: string | null | undefined): number | null {
  const at = text ? Date.parse(text) : NaN;
  return at > 0 ? at : null;
}

const healthOf = (status: string | undefined): Health | null => (status === 'healthy' || status === 'unhealthy' || status === 'starting' ? status : null);
const policyOf = (name: string | undefined): RestartPolicy => RESTART_POLICIES.find((one) => one === name) ?? 'no';
const positive = (n: number | null | undefined) => (n && n > 0 ? n : null);

function cpusOf({ NanoCpus, CpuQuota, CpuPeriod }: Inspected['HostConfig']): number | null {
  if (positive(NanoCpus)) return NanoCpus! / 1e9;
  return positive(CpuQuota) ? CpuQuota! / (positive(CpuPeriod) ?? 100_000) : null;
}

/** `"80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }]`; none, where it is not published. */
function publishedAs(port: string, bindings: readonly { HostIp: string; HostPort: string }[]): Port[] {
  const [number, protocol = 'tcp'] = port.split('/');
  const container = Number(number);
  if (bindings.length === 0) return [{ address: null, host: null, container, protocol }];
  // An empty address is every address.
  return bindings.map(({ HostIp, HostPort }) => ({ address: HostIp || '0.0.0.0', host: Number(HostPort), container, protocol }));
}
