import type { AccountsDriver } from './accounts.ts';
import type { BlocksDriver } from './blocks.ts';
import type { DockerDriver } from './docker.ts';
import type { DockerdDriver } from './dockerd.ts';
import type { Fail2banDriver } from './fail2ban.ts';
import type { ExposureDriver } from './exposure.ts';
import type { FilesDriver } from './files.ts';
import type { FirewallDriver } from './firewall.ts';
import type { IdentityDriver } from './identity.ts';
import type { InterfacesDriver } from './interfaces.ts';
import type { LocaleDriver } from './locale.ts';
import type { LogsDriver } from './logs.ts';
import type { MetricsDriver } from './metrics.ts';
import type { PackagesDriver } from './packages.ts';
import type { PowerScheduleDriver } from './power-schedule.ts';
import type { PowerDriver } from './power.ts';
import type { ProcessesDriver } from './processes.ts';
import type { OptionalFeaturesDriver } from './optional-features.ts';
import type { ScheduledTasksDriver } from './scheduled-tasks.ts';
import type { RdpDriver } from './rdp.ts';
import type { ServicesDriver } from './services.ts';
import type { RegistryDriver } from './registry.ts';
import type { ResolverDriver } from './resolver.ts';
import type { ShellsDriver } from './shells.ts';
import type { SignInsDriver } from './sign-ins.ts';
import type { SshServerDriver } from './ssh-server.ts';
import type { SwapDriver } from './swap.ts';
import type { SystemDriver } from './system.ts';
import type { TimeDriver } from './time.ts';

/** The machine, as the panel sees it: one small interface per capability, with a driver per operating system. */
export interface Host {
  readonly kind: 'linux' | 'windows' | 'darwin' | 'fake';
  readonly system: SystemDriver;
  readonly metrics: MetricsDriver;
  readonly processes: ProcessesDriver;
  readonly services: ServicesDriver;
  readonly logs: LogsDriver;
  readonly power: PowerDriver;
  /** When it goes down by itself. */
  readonly powerSchedule: PowerScheduleDriver;
  readonly identity: IdentityDriver;
  readonly time: TimeDriver;
  readonly locale: LocaleDriver;
  readonly resolver: ResolverDriver;
  readonly interfaces: InterfacesDriver;
  readonly swap: SwapDriver;
  readonly accounts: AccountsDriver;
  readonly packages: PackagesDriver;
  readonly files: FilesDriver;
  readonly shells: ShellsDriver;
  readonly docker: DockerDriver;
  /** The process behind it, where that runs here. */
  readonly dockerd: DockerdDriver;
  /** Rules of what comes in and goes out. */
  readonly firewall: FirewallDriver;
  readonly blocks: BlocksDriver;
  readonly signIns: SignInsDriver;
  readonly fail2ban: Fail2banDriver;
  readonly sshServer: SshServerDriver;
  /** Of Windows; elsewhere it says that there is none. */
  readonly registry: RegistryDriver;
  readonly rdp: RdpDriver;
  readonly optionalFeatures: OptionalFeaturesDriver;
  readonly scheduledTasks: ScheduledTasksDriver;
  readonly exposure: ExposureDriver;
}
