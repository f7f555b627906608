import { z } from 'zod';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { askDocker, type DockerApp } from './ask.ts';
import { measured } from './usage.ts';

/** GET /info, of it what somebody looks for who has a question about an engine. */
const Info = z.object({
  Name: z.string().catch(''), OperatingSystem: z.string().catch(''), KernelVersion: z.string().catch(''), Architecture: z.string().catch(''),
  ServerVersion: z.string().catch(''), Driver: z.string().catch(''), LoggingDriver: z.string().catch(''), CgroupDriver: z.string().catch(''), CgroupVersion: z.string().catch(''),
  DefaultRuntime: z.string().catch(''), DockerRootDir: z.string().catch(''), LiveRestoreEnabled: z.boolean().catch(false), SecurityOptions: z.array(z.string()).nullish(),
  ContainersRunning: z.number().catch(0), ContainersPaused: z.number().catch(0), ContainersStopped: z.number().catch(0), Images: z.number().catch(0),
  Warnings: z.array(z.string()).nullish(),
  RegistryConfig: z.object({ Mirrors: z.array(z.string()).nullish() }).nullish(),
});

export interface AboutEngine {
  version: string;
  host: string;
  os: string;
  kernel: string;
  architecture: string;
  storage: string;
  logging: string;
  cgroups: string;
  runtime: string;
  /** Folder of the host that holds everything. */
  root: string;
  /** Containers go on while the engine is restarted. */
  liveRestore: boolean;
  /** "seccomp", "apparmor", "rootless", "userns". */
  security: string[];
  mirrors: string[];
  containers: { running: number; paused: number; stopped: number };
  images: number;
  /** In the engine's own words. */
  warnings: string[];
}

/** What kind of engine it is, and what it says is wrong with its host. @throws AppError denied, unavailable */
export async function aboutEngine(app: App, actor: Actor): Promise<AboutEngine> {
  need(actor, 'containers.read');
  const info = await askDocker(app, { path: '/info' }, Info);
  return {
    version: info.ServerVersion, host: info.Name, os: info.OperatingSystem, kernel: info.KernelVersion, architecture: info.Architecture,
    storage: info.Driver, logging: info.LoggingDriver, cgroups: [info.CgroupVersion && `v${info.CgroupVersion}`, info.CgroupDriver].filter(Boolean).join(', '),
    runtime: info.DefaultRuntime, root: info.DockerRootDir, liveRestore: info.LiveRestoreEnabled,
    security: (info.SecurityOptions ?? []).map((option) => /name=([^,]+)/.exec(option)?.[1] ?? option),
    mirrors: info.RegistryConfig?.Mirrors ?? [],
    containers: { running: info.ContainersRunning, paused: info.ContainersPaused, stopped: info.ContainersStopped }, images: info.Images,
    warnings: info.Warnings ?? [],
  };
}

export type DiskKind = 'images' | 'containers' | 'volumes' | 'cache';

export interface DiskRow {
  kind: DiskKind;
  count: number;
  /** Bytes. */
  size: number;
  /** Of these, what nothing uses. */
  reclaimable: number;
}

const Disk = z.object({
  LayersSize: z.number().catch(0),
  Images: z.array(z.object({ Containers: z.number().catch(0), Size: z.number().catch(0), SharedSize: z.number().catch(0) })).nullish(),
  Containers: z.array(z.object({ State: z.string().catch(''), SizeRw: z.number().catch(0) })).nullish(),
  Volumes: z.array(z.object({ UsageData: z.object({ Size: z.number(), RefCount: z.number() }).nullish() })).nullish(),
  BuildCache: z.array(z.object({ Size: z.number().catch(0), InUse: z.boolean().catch(false), Shared: z.boolean().catch(false) })).nullish(),
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + Math.max(0, value), 0);

/** What lies on the engine's disk, as `docker system df` counts it. It walks through everything: this takes its time. @throws AppError denied, unavailable */
export async function diskOf(app: DockerApp, actor: Actor): Promise<DiskRow[]> {
  need(actor, 'containers.read');
  const { LayersSize, Images, Containers, Volumes, BuildCache } = await measured(app, Disk);
  const [images, containers, volumes, cache] = [Images ?? [], Containers ?? [], Volumes ?? [], BuildCache ?? []];
  const used = sum(images.filter((one) => one.Containers > 0).map((one) => one.Size - Math.max(0, one.SharedSize)));
  return [
    { kind: 'images', count: images.length, size: LayersSize, reclaimable: Math.max(0, LayersSize - used) },
    { kind: 'containers', count: containers.length, size: sum(containers.map((one) => one.SizeRw)), reclaimable: sum(containers.filter((one) => !['running', 'paused', 'restarting'].includes(one.State)).map((one) => one.SizeRw)) },
    { kind: 'volumes', count: volumes.length, size: sum(volumes.map((one) => one.UsageData?.Size ?? 0)), reclaimable: sum(volumes.filter((one) => one.UsageData?.RefCount === 0).map((one) => one.UsageData!.Size)) },
    { kind: 'cache', count: cache.length, size: sum(cache.filter((one) => !one.Shared).map((one) => one.Size)), reclaimable: sum(cache.filter((one) => !one.InUse && !one.Shared).map((one) => one.Size)) },
  ];
}
