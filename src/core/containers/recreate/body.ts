import type { Config, Inspected } from './inspected.ts';

/** POST /containers/create, and the networks that are joined after it (one fits into the request). */
export interface CreateBody {
  body: Config & { HostConfig: Inspected['HostConfig']; NetworkingConfig: { EndpointsConfig: Record<string, unknown> } };
  networks: readonly { name: string; endpoint: unknown }[];
}

/** What of a container is its own: what its image gave it, the next image gives anew (its own paths, ports and defaults). */
export function ownConfig(config: Config, image: Config): Config {
  const own: Config = { ...config };
  for (const key of ['Cmd', 'Entrypoint', 'WorkingDir', 'User', 'Healthcheck', 'StopSignal', 'Shell', 'OnBuild'] as const) if (same(config[key], image[key])) delete own[key];
  // A command without an entrypoint of its own is the image's entrypoint's: neither may be taken from it alone.
  if (own.Cmd && !own.Entrypoint && !same(config.Entrypoint, image.Entrypoint)) own.Entrypoint = config.Entrypoint;
  own.Env = (config.Env ?? []).filter((line) => !(image.Env ?? []).includes(line));
  own.Labels = rest(config.Labels, image.Labels) as Record<string, string>;
  own.Volumes = rest(config.Volumes, image.Volumes);
  own.ExposedPorts = rest(config.ExposedPorts, image.ExposedPorts);
  return own;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

const rest = <T>(own: Record<string, T> | null | undefined, given: Record<string, T> | null | undefined) =>
  Object.fromEntries(Object.entries(own ?? {}).filter(([key, value]) => !(key in (given ?? {}) && same(value, given![key]))));

/** The same container again, of another image. */
export function bodyOf({ Id, Config, HostConfig, Mounts, NetworkSettings }: Inspected, { image, from }: { image: string; from: Config }): CreateBody {
  const config = ownConfig(Config, from);
  config.Image = image;
  // The engine's own choice: the new one has another id.
  if (config.Hostname === Id.slice(0, 12)) delete config.Hostname;
  const host = { ...HostConfig, Binds: [...(HostConfig.Binds ?? []), ...anonymous({ HostConfig, Mounts })] };
  const [first, ...others] = Object.entries(NetworkSettings.Networks).map(([name, endpoint]) => ({ name, endpoint: endpointOf(endpoint, Id) }));
  // `host`, `none` and the network of another container are joined by HostConfig alone.
  const joins = first && !/^(host|none|container:)/.test(HostConfig.NetworkMode ?? '');
  return { body: { ...config, HostConfig: host, NetworkingConfig: { EndpointsConfig: joins ? { [first.name]: first.endpoint } : {} } }, networks: joins ? others : [] };
}

/** Volumes without a name are found by the container alone: what they hold goes with it. */
function anonymous({ HostConfig, Mounts }: Pick<Inspected, 'HostConfig' | 'Mounts'>): string[] {
  const named = new Set([...(HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]), ...(HostConfig.Mounts ?? []).map(({ Target }) => Target)]);
  return Mounts.flatMap(({ Type, Name, Destination }) => (Type === 'volume' && Name && !named.has(Destination) ? [`${Name}:${Destination}`] : []));
}

/** What was asked for, without what the engine gave: addresses that were not chosen, the id as an alias. */
function endpointOf({ Aliases, IPAMConfig, Links, DriverOpts }: Inspected['NetworkSettings']['Networks'][string], id: string) {
  return { Aliases: (Aliases ?? []).filter((alias) => !id.startsWith(alias)), IPAMConfig: IPAMConfig ?? null, Links: Links ?? null, DriverOpts: DriverOpts ?? null };
}
