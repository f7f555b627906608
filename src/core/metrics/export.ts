import type { Family, Sample as Line } from '../../lib/open-metrics.ts';
import type { Reading } from '../../platform/metrics.ts';
import type { App } from '../app.ts';
import { currentMetrics } from './current.ts';
import type { MountUse } from './mounts.ts';
import type { Sample } from './sample.ts';

/** What the route knows of the panel itself. */
export interface PanelFigures {
  streams: number;
}

/**
 * The machine and the panel as families of OpenMetrics. Loads, memory and temperatures are those of the last sample; traffic
 * is told as counters, as a monitor wants it, from one look at the machine.
 * @throws AppError unavailable when nothing was measured yet
 */
export async function metricFamilies(app: App, panel: PanelFigures): Promise<Family[]> {
  const [now, counters, facts] = await Promise.all([currentMetrics(app), app.host.metrics.read(), app.host.system.facts()]);
  return [
    ...processor(now),
    ...memory(now),
    ...traffic(counters),
    ...fileSystems(now.mounts),
    gauge('mantou_sensor_temperature_celsius', 'celsius', 'Temperature of a sensor.', now.sensors.map(({ name, celsius }) => ({ labels: { sensor: name }, value: celsius }))),
    gauge('mantou_boot_time_seconds', 'seconds', 'When the machine was started, in seconds since 1970.', one(facts.bootedAt / 1000)),
    ...itself(app, panel),
  ];
}

const one = (value: number | null | undefined): Line[] => (value === null || value === undefined ? [] : [{ value }]);

const gauge = (name: string, unit: string | undefined, help: string, samples: Line[]): Family => ({ name, type: 'gauge', ...(unit ? { unit } : {}), help, samples });

const counter = (name: string, unit: string, help: string, samples: Line[]): Family => ({ name, type: 'counter', unit, help, samples });

const ratio = (percent: number) => Math.round(percent * 10) / 1000;

function processor({ cpu, cores, load }: Sample): Family[] {
  return [
    gauge('mantou_cpu_usage_ratio', 'ratio', 'Part of all processor time that was used, between the last two samples.', one(cpu === null ? null : ratio(cpu))),
    gauge('mantou_cpu_core_usage_ratio', 'ratio', 'The same for each core.', cores.map((value, core) => ({ labels: { core: String(core) }, value: ratio(value) }))),
    gauge('mantou_load_average', undefined, 'Load average, as the system tells it.', (load ?? []).map((value, i) => ({ labels: { window: ['1m', '5m', '15m'][i]! }, value }))),
  ];
}

function memory({ memory }: Sample): Family[] {
  return [
    gauge('mantou_memory_size_bytes', 'bytes', 'Memory of the machine.', one(memory?.total)),
    gauge('mantou_memory_used_bytes', 'bytes', 'Memory in use, without caches.', one(memory?.used)),
    gauge('mantou_memory_cache_bytes', 'bytes', 'Memory that caches hold and give back.', one(memory?.cache)),
    gauge('mantou_swap_size_bytes', 'bytes', 'Swap space.', one(memory?.swapTotal)),
    gauge('mantou_swap_used_bytes', 'bytes', 'Swap space in use.', one(memory?.swapUsed)),
  ];
}

function traffic({ interfaces, disks }: Reading): Family[] {
  const of = <K extends string>(label: string, rows: readonly ({ name: string } & Record<K, number>)[], key: K) =>
    rows.map((row) => ({ labels: { [label]: row.name }, value: row[key] }));
  return [
    counter('mantou_network_receive_bytes', 'bytes', 'Bytes that an interface has received.', of('interface', interfaces, 'rx')),
    counter('mantou_network_transmit_bytes', 'bytes', 'Bytes that an interface has sent.', of('interface', interfaces, 'tx')),
    counter('mantou_disk_read_bytes', 'bytes', 'Bytes read from a disk.', of('disk', disks, 'read')),
    counter('mantou_disk_written_bytes', 'bytes', 'Bytes written to a disk.', of('disk', disks, 'write')),
  ];
}

function fileSystems(mounts: readonly MountUse[]): Family[] {
  const of = (read: (mount: MountUse) => number | null) =>
    mounts.flatMap((mount) => {
      const value = read(mount);
      return value === null ? [] : [{ labels: { mountpoint: mount.path, device: mount.device, fstype: mount.type }, value }];
    });
  return [
    gauge('mantou_filesystem_size_bytes', 'bytes', 'Size of a file system.', of((mount) => mount.total)),
    gauge('mantou_filesystem_used_bytes', 'bytes', 'Used space of a file system.', of((mount) => mount.used)),
    gauge('mantou_filesystem_free_bytes', 'bytes', 'Space that ordinary users may still take.', of((mount) => mount.free)),
    gauge('mantou_filesystem_inodes', undefined, 'Inodes of a file system.', of((mount) => mount.inodes)),
    gauge('mantou_filesystem_inodes_used', undefined, 'Used inodes of a file system.', of((mount) => mount.inodesUsed)),
    gauge('mantou_filesystem_read_only', undefined, '1 when a file system cannot be written.', of((mount) => (mount.readOnly ? 1 : 0))),
  ];
}

function itself(app: App, { streams }: PanelFigures): Family[] {
  return [
    { name: 'mantou_build', type: 'info', help: 'Version of the panel and of what it runs on.', samples: [{ labels: { version: app.version, bun: Bun.version }, value: 1 }] },
    gauge('mantou_panel_start_time_seconds', 'seconds', 'When the panel was started, in seconds since 1970.', one(app.panel.startedAt / 1000)),
    gauge('mantou_panel_resident_memory_bytes', 'bytes', 'Memory of the panel itself.', one(process.memoryUsage.rss())),
    gauge('mantou_panel_event_streams', undefined, 'Pages that are connected to an event stream.', one(streams)),
    gauge('mantou_panel_tasks_running', undefined, 'Tasks that run now.', one(app.tasks.running())),
  ];
}
