import { AppError } from '../../lib/errors.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import type { DockerDriver } from '../docker.ts';
import type { DockerdDriver } from '../dockerd.ts';
import type { ExposureDriver } from '../exposure.ts';
import type { FilesDriver } from '../files.ts';
import type { Host } from '../host.ts';
import type { FirewallDriver } from '../firewall.ts';
import { createPortableFiles } from '../portable/files/files.ts';
import type { PowerAction, PowerDriver } from '../power.ts';
import type { ShellsDriver } from '../shells.ts';
import type { SystemFacts } from '../system.ts';
import { createFakeAccounts, type FakeAccounts } from './accounts.ts';
import { createFakeBlocks, type FakeBlocks } from './blocks.ts';
import { createFakeDockerd } from './dockerd.ts';
import { createFakeDocker } from './docker/engine.ts';
import { createFakeFirewall } from './firewall.ts';
import { createFakePackages, type FakePackages } from './packages.ts';
import { createFakeMachine } from './machine.ts';
import { createFakeLogs } from './logs.ts';
import { createFakeFail2ban, type FakeFail2ban } from './fail2ban.ts';
import { createFakeSignIns, type FakeSignIns } from './sign-ins.ts';
import { createFakeExposure } from './exposure.ts';
import { createFakeMetrics } from './metrics.ts';
import { createFakeRdp } from './rdp.ts';
import { createFakeOptionalFeatures } from './optional-features.ts';
import { createFakeScheduledTasks } from './scheduled-tasks.ts';
import { createFakeSshServer } from './ssh-server.ts';
import { createFakeRegistry } from './registry.ts';
import { createFakeProcesses, type FakeProcesses } from './processes.ts';
import { createFakeServices, type FakeServices } from './services.ts';

export interface FakeHost extends Host {
  readonly power: PowerDriver & {
    /** What was asked for; nothing happened. */
    readonly ran: PowerAction[];
  };
  readonly processes: FakeProcesses;
  readonly accounts: FakeAccounts;
  readonly packages: FakePackages;
  readonly blocks: FakeBlocks;
  readonly signIns: FakeSignIns;
  readonly fail2ban: FakeFail2ban;
  readonly services: FakeServices;
}

export interface FakeOptions {
  clock?: Clock;
  bootedAt?: number;
  files?: FilesDriver;
  shells?: ShellsDriver;
  docker?: DockerDriver;
  dockerd?: DockerdDriver;
  firewall?: FirewallDriver;
  exposure?: ExposureDriver;
}

const DAY = 86_400_000;

/** A shell is real or nothing: whoever clicks through a demo must not get one of the machine that serves it. */
const NO_SHELLS: ShellsDriver = {
  choices: async () => [],
  launch: () => Promise.reject(new AppError('unsupported', (t) => t.terminal.demo)),
  folderOf: async () => null,
};

/** Midnight UTC some three weeks ago, the same for every start on a day: counters go on where they were. */
export const bootTime = (now: number) => Math.floor(now / DAY) * DAY - 23 * DAY;

/**
 * A machine that does not exist, for `serve --demo` and for tests: its figures follow the clock,
 * its power actions are written down and have no effect.
 */
export function createFakeHost({ clock = systemClock, bootedAt = bootTime(clock.now()), files = createPortableFiles(), shells = NO_SHELLS, docker = createFakeDocker(clock), dockerd = createFakeDockerd(clock, () => docker), firewall = createFakeFirewall(), exposure = createFakeExposure() }: FakeOptions = {}): FakeHost {
  const ran: PowerAction[] = [];
  const registry = createFakeRegistry(clock);
  const facts: SystemFacts = {
    hostname: 'demo-01', os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0-25-amd64', arch: 'x64',
    cpuModel: 'AMD EPYC 7443P', cores: 8, memory: 32 * 2 ** 30, bootedAt,
    addresses: [
      { interface: 'eth0', address: '203.0.113.10' },
      { interface: 'wg0', address: '10.8.0.1' },
      { interface: 'eth0', address: '2001:db8::10' },
    ],
    virtualization: 'kvm', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const machine = createFakeMachine(clock);
  const processes = createFakeProcesses(clock, bootedAt);
  return {
    kind: 'fake',
    system: { hostname: () => machine.called(), facts: async () => ({ ...facts, hostname: machine.called() }), rebootPending: async () => ['linux-image-6.1.0-26-amd64'] },
    metrics: createFakeMetrics(clock, bootedAt),
    processes,
    services: createFakeServices(clock, bootedAt, () => processes.list()),
    logs: createFakeLogs(clock, bootedAt),
    power: {
      ran,
      refusal: async () => null,
      commands: (action) => [`systemctl ${action === 'reboot' ? 'reboot' : 'poweroff'}`],
      run: async (action) => void ran.push(action),
    },
    ...machine,
    accounts: createFakeAccounts(clock),
    packages: createFakePackages(clock),
    files,
    shells,
    docker,
    dockerd,
    firewall,
    registry,
    rdp: createFakeRdp(registry),
    optionalFeatures: createFakeOptionalFeatures(),
    scheduledTasks: createFakeScheduledTasks(clock),
    blocks: createFakeBlocks(clock),
    signIns: createFakeSignIns(clock),
    fail2ban: createFakeFail2ban(clock),
    sshServer: createFakeSshServer(),
    exposure,
  };
}
