import type { DockerDriver } from './docker.ts';
import type { DockerdDriver } from './dockerd.ts';
import type { ExposureDriver } from './exposure.ts';
import type { FilesDriver } from './files.ts';
import type { LogsDriver } from './logs.ts';
import type { MetricsDriver } from './metrics.ts';
import type { PacketFilterDriver } from './packet-filter.ts';
import type { PowerDriver } from './power.ts';
import type { ProcessesDriver } from './processes.ts';
import type { ServicesDriver } from './services.ts';
import type { RegistryDriver } from './registry.ts';
import type { ShellsDriver } from './shells.ts';
import type { SshServerDriver } from './ssh-server.ts';
import type { SystemDriver } from './system.ts';

/** The machine, as the panel sees it: one small interface per capability, with a driver per operating system. */
export interface Host {
  readonly kind: 'linux' | 'windows' | 'darwin' | 'fake';
  readonly system: SystemDriver;
  readonly metrics: MetricsDriver;
  readonly processes: ProcessesDriver;
  readonly services: ServicesDriver;
  readonly logs: LogsDriver;
  readonly power: PowerDriver;
  readonly files: FilesDriver;
  readonly shells: ShellsDriver;
  readonly docker: DockerDriver;
  /** The process behind it, where that runs here. */
  readonly dockerd: DockerdDriver;
  readonly packetFilter: PacketFilterDriver;
  readonly sshServer: SshServerDriver;
  /** Of Windows; elsewhere it says that there is none. */
  readonly registry: RegistryDriver;
  readonly exposure: ExposureDriver;
}
