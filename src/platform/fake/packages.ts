import type { Clock } from '../../lib/clock.ts';
import type { PackageChange, PackagesDriver, PackageUpdate } from '../packages.ts';
import { planOf } from '../plan.ts';

const HOUR = 3_600_000;
const STEP_MS = 60;
const update = (name: string, from: string, to: string, size: number, more: Partial<PackageUpdate> = {}): PackageUpdate => ({ name, title: null, arch: 'amd64', from, to, size, security: false, origin: 'Debian:12.8/stable', stays: null, ...more });
const SECURITY = { security: true, origin: 'Debian-Security:12/stable-security' };

export interface FakePackages extends PackagesDriver {
  /** What was asked for; nothing of it happened on a machine. */
  readonly ran: string[];
}

/** Updates of the machine that does not exist: what is installed is not listed any more. */
export function createFakePackages(clock: Clock): FakePackages {
  let updates: PackageUpdate[] = [
    update('libssl3', '3.0.14-1~deb12u1', '3.0.15-1~deb12u1', 2_022_000, SECURITY),
    update('linux-image-amd64', '6.1.112-1', '6.1.115-1', 1_480, SECURITY),
    update('openssl', '3.0.14-1~deb12u1', '3.0.15-1~deb12u1', 1_428_000, SECURITY),
    update('base-files', '12.4+deb12u7', '12.4+deb12u8', 70_700),
    update('nginx', '1.22.1-9', '1.22.1-9+deb12u1', 527_000),
    update('postgresql-15', '15.8-0+deb12u1', '15.9-0+deb12u1', 16_800_000, { stays: 'held' }),
    update('tzdata', '2024a-0+deb12u1', '2024b-0+deb12u1', 296_000, { arch: 'all' }),
  ];
  let refreshedAt = clock.now() - 7 * HOUR;
  let automatic = true;
  const ran: string[] = [];
  const commands = (change: PackageChange): string[] => {
    switch (change.kind) {
      case 'refresh': return ['DEBIAN_FRONTEND=noninteractive apt-get update'];
      case 'upgrade': return [`DEBIAN_FRONTEND=noninteractive apt-get -y ${change.which === 'all' ? '--with-new-pkgs upgrade' : `--only-upgrade install ${change.names.join(' ')}`}`];
      case 'install': return ['apt-get update', `DEBIAN_FRONTEND=noninteractive apt-get -y install ${change.names.join(' ')}`];
      case 'repair': return ['dpkg --configure -a', 'apt-get -y --fix-broken install'];
      case 'hold': return [`apt-mark ${change.to ? 'hold' : 'unhold'} ${change.name}`];
      case 'automatic': return [];
    }
  };
  return {
    ran,
    tool: 'apt',
    refusal: () => null,
    changeRefusal: () => null,
    list: async () => ({
      updates, fresh: updates.some(({ name }) => name === 'linux-image-amd64') ? ['linux-image-6.1.0-27-amd64'] : [], held: updates.filter(({ stays }) => stays === 'held').map(({ name }) => name),
      refreshedAt, interrupted: null, busy: false, automatic: { name: 'unattended-upgrades', installed: true, on: automatic, path: '/etc/apt/apt.conf.d/20auto-upgrades' }, unread: [],
    }),
    plan: async (change) => {
      const text = (to: boolean) => `APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "${to ? '1' : '0'}";\n`;
      return planOf(commands(change), change.kind === 'automatic' ? [{ path: '/etc/apt/apt.conf.d/20auto-upgrades', before: text(automatic), after: text(change.to) }] : []);
    },
    async run(change, { signal, onOutput }) {
      ran.push(...commands(change));
      if (change.kind === 'refresh') refreshedAt = clock.now();
      if (change.kind === 'automatic') automatic = change.to;
      if (change.kind === 'hold') updates = updates.map((one) => (one.name === change.name ? { ...one, stays: change.to ? 'held' : null } : one));
      if (change.kind !== 'upgrade') return onOutput('Reading package lists...\n');
      for (const name of change.names) {
        signal.throwIfAborted();
        await Bun.sleep(STEP_MS);
        const found = updates.find((one) => one.name === name);
        if (found) onOutput(`Preparing to unpack .../${name}_${found.to}_${found.arch}.deb ...\nUnpacking ${name} (${found.to}) over (${found.from}) ...\nSetting up ${name} (${found.to}) ...\n`);
        updates = updates.filter((one) => one.name !== name);
      }
    },
    left: () => null,
    changelog: async (name) => `${name} (${updates.find((one) => one.name === name)?.to ?? '1.0'}) bookworm; urgency=medium\n\n  * New upstream version.\n\n -- Debian Maintainers <maintainers@example.org>\n`,
  };
}
