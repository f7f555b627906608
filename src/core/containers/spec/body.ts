import { HIDDEN } from '../redact.ts';
import type { Config, Inspected } from '../recreate/inspected.ts';
import type { ContainerInput } from './input.ts';
import { BadLine, envOf, isEnvLine, isPairKey } from './lines.ts';

/** What of POST /containers/create the form says. Keys that it leaves empty are the image's, or the engine's, to decide. */
export function bodyOfInput(input: ContainerInput) {
  const ports = input.ports.map((port) => ({ key: `${port.container}/${port.protocol}`, binding: { HostIp: port.address, HostPort: port.host } }));
  const config = {
    Image: input.image, Cmd: input.command.length ? input.command : null, Entrypoint: input.entrypoint.length ? input.entrypoint : null,
    Env: input.env, Labels: input.labels, User: input.user, WorkingDir: input.workingDir, Hostname: input.hostname, Tty: input.tty, OpenStdin: input.tty,
    ExposedPorts: Object.fromEntries(ports.map(({ key }) => [key, {}])),
    ...(input.health ? { Healthcheck: { Test: input.health === 'NONE' ? ['NONE'] : ['CMD-SHELL', input.health], Interval: input.healthInterval * 1e9, Retries: input.healthRetries } } : {}),
  };
  const host = {
    Binds: input.mounts,
    PortBindings: Object.fromEntries([...new Set(ports.map(({ key }) => key))].map((key) => [key, ports.filter((port) => port.key === key).map(({ binding }) => binding)])),
    RestartPolicy: { Name: input.restart, MaximumRetryCount: 0 },
    Memory: input.memory, NanoCpus: Math.round(input.cpus * 1e9),
    CapAdd: input.capAdd, CapDrop: input.capDrop, Devices: input.devices, Privileged: input.privileged, ReadonlyRootfs: input.readOnly, Init: input.init,
    DeviceRequests: input.gpus ? [{ Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} }] : null,
    ...(input.network ? { NetworkMode: input.network } : {}),
    ...(input.logDriver ? { LogConfig: { Type: input.logDriver, Config: input.logOptions } } : {}),
  };
  return { config, host };
}

/**
 * The same for a container that is there: what the form does not know of stays as it is. Variables that the form showed
 * without their value keep it, unless another one was typed.
 */
export function changed(own: Config, host: Inspected['HostConfig'], input: ContainerInput) {
  const options = (host.LogConfig as { Config?: Record<string, string> | null } | undefined)?.Config ?? {};
  const made = bodyOfInput({
    ...input, env: withUnsaid(input.env.map((pair) => kept(pair, own.Env ?? [])), own.Env ?? []), labels: keptPairs(input.labels, own.Labels ?? {}), logOptions: keptPairs(input.logOptions, options),
  });
  const exposed = { ...own.ExposedPorts, ...made.config.ExposedPorts };
  const config: Config = { ...own, ...made.config, Cmd: made.config.Cmd ?? undefined, Entrypoint: made.config.Entrypoint ?? undefined, ExposedPorts: exposed } as Config;
  if (!input.health) delete config.Healthcheck;
  return {
    config,
    host: {
      ...host, ...made.host,
      // Mounts that no line can say (tmpfs, options) are not in the form, and stay.
      Mounts: (host.Mounts ?? []).filter((mount) => !isLine(mount)),
    } as Inspected['HostConfig'],
  };
}

/** What was not shown, and what was not touched: a form takes spaces and quotes off that belong to the value. */
function kept(pair: string, before: readonly string[]): string {
  const at = pair.indexOf('=') + 1;
  const own = before.find((one) => one.startsWith(pair.slice(0, at)));
  return own !== undefined && (pair.slice(at).includes(HIDDEN) || pair === read(own)) ? own : pair;
}

/** What no line can say was not in the form: it stays, where it was. */
function withUnsaid(env: readonly string[], before: readonly string[]): string[] {
  const all = [...env];
  for (const [i, pair] of before.entries()) if (!isEnvLine(pair)) all.splice(i, 0, pair);
  return all;
}

function read(own: string): string | undefined {
  try {
    return envOf(own)[0];
  } catch (error) {
    if (error instanceof BadLine) return undefined;
    throw error;
  }
}

const keptPairs = (pairs: Record<string, string>, before: Record<string, string>) => ({
  ...Object.fromEntries(Object.entries(before).filter(([key]) => !isPairKey(key))),
  ...Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, value.includes(HIDDEN) || value === before[key]?.trimEnd() ? (before[key] ?? value) : value])),
});

/** Can it be said as `source:target:options`? */
export const isLine = ({ Type, BindOptions, VolumeOptions, TmpfsOptions, Source }: Record<string, unknown>) =>
  (Type === 'bind' || Type === 'volume') && typeof Source === 'string' && Source !== '' && !BindOptions && !VolumeOptions && !TmpfsOptions;
