import { chmodSync, copyFileSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { runOk, type Exec } from './exec.ts';
import type { PanelService, PanelServiceState } from './panel-service.ts';
import { unitValue, unitWord } from './linux/services/unit-text.ts';
import { hasSystemd } from './systemd.ts';

export const UNIT = 'mantou.service';
export const UNIT_PATH = `/etc/systemd/system/${UNIT}`;
/** Root's own place: nobody else can put another program there (S20). */
export const EXECUTABLE = '/usr/local/bin/mantou';

/** Null where there is no systemd. */
export async function readServiceState(exec: Exec): Promise<PanelServiceState | null> {
  const systemctl = exec.which('systemctl');
  if (!systemctl || !hasSystemd()) return null;
  const { stdout } = await exec.run([systemctl, 'show', UNIT, '--property=LoadState,ActiveState,UnitFileState'], { timeout: 10_000 });
  return parseState(stdout);
}

/**
 * `LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n`; of a unit that does not exist
 * `LoadState=not-found\nActiveState=inactive\nUnitFileState=\n`
 */
export function parseState(text: string): PanelServiceState {
  const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const installed = !['not-found', ''].includes(of('LoadState'));
  return { installed, active: of('ActiveState') || 'inactive', enabled: of('UnitFileState') || 'disabled' };
}

/**
 * The unit. A panel run by root must be able to do what root does on this machine, and so must the tools it starts;
 * each line that takes something away says why nobody misses it. Left out, for this reason:
 * NoNewPrivileges (terminals and sudo), RestrictSUIDSGID (packages have such files), MemoryDenyWriteExecute (the
 * JavaScript engine compiles), and everything that gives the service a mount namespace (ProtectSystem, PrivateTmp …):
 * what the panel mounts would be seen by nobody else.
 */
export function unitFile({ executable, args, dataDir }: { executable: string; args: readonly string[]; dataDir: string }): string {
  return `# Written by "mantou service install", which writes it anew. Your changes: systemctl edit mantou
[Unit]
Description=Mantou server panel
# Addresses are there before the certificate is made for them.
Wants=network-online.target
After=network-online.target
# Tries for ever: whoever needs the panel most is the one whose machine is in trouble.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${[executable, ...args].map(unitWord).join(' ')}
WorkingDirectory=/
Restart=always
RestartSec=3
# 2: a setting is not accepted; starting again would not change that.
RestartPreventExitStatus=2
# The panel ends in 5 s; only it is asked to, and ends its tasks itself.
KillMode=mixed
TimeoutStopSec=15
# A tool that runs out of memory does not take the panel along.
OOMPolicy=continue
# One connection and one file each for many pages and uploads.
LimitNOFILE=65536
# Sockets other than these are for radios, buses and clusters; their code in the kernel is rarely looked at.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_ALG AF_VSOCK
# Real-time tasks could starve the machine.
RestrictRealtime=yes
# System calls that only programs of the last century make.
SystemCallFilter=~@obsolete @cpu-emulation
SystemCallErrorNumber=ENOSYS
# Nothing that a panel starts wakes the machine, keeps it from sleeping or turns on process accounting.
CapabilityBoundingSet=~CAP_WAKE_ALARM CAP_BLOCK_SUSPEND CAP_SYS_PACCT
# Read again by "mantou service status" and "uninstall".
X-DataDir=${unitValue(dataDir)}

[Install]
WantedBy=multi-user.target
`;
}

/** The data directory that the installed unit names, or null. */
function installedDataDir(): string | null {
  if (!existsSync(UNIT_PATH)) return null;
  return /^X-DataDir=(.+)$/m.exec(readFileSync(UNIT_PATH, 'utf8'))?.[1]?.replaceAll('%%', '%') ?? null;
}

/** Puts the running executable to its place, whole or not at all. @returns false when it already runs from there */
export function placeExecutable(running: string): boolean {
  if (realpathSync(running) === EXECUTABLE) return false;
  const next = `${EXECUTABLE}.new`;
  copyFileSync(running, next);
  chmodSync(next, 0o755);
  renameSync(next, EXECUTABLE);
  return true;
}

/** Writes the unit and starts it, also with the machine. @throws AppError with what systemctl said */
export async function startUnit(exec: Exec, unit: string): Promise<void> {
  writeFileSync(`${UNIT_PATH}.new`, unit, { mode: 0o644 });
  renameSync(`${UNIT_PATH}.new`, UNIT_PATH);
  await systemctl(exec, ['daemon-reload']);
  await systemctl(exec, ['enable', UNIT]);
  await systemctl(exec, ['restart', UNIT]);
}

/** Stops the unit and removes it. */
export async function removeUnit(exec: Exec): Promise<void> {
  await systemctl(exec, ['disable', '--now', UNIT]);
  rmSync(UNIT_PATH, { force: true });
  await systemctl(exec, ['daemon-reload']);
}

/** The last lines that the service wrote to the journal. */
export async function journalTail(exec: Exec): Promise<string> {
  const journalctl = exec.which('journalctl');
  if (!journalctl) return '';
  const { stdout } = await exec.run([journalctl, '--unit', UNIT, '--lines=12', '--no-pager', '--output=cat'], { timeout: 10_000 });
  return stdout.trim();
}

async function systemctl(exec: Exec, args: string[]) {
  await runOk(exec, [exec.which('systemctl')!, '--quiet', ...args], { timeout: 60_000 });
}

/** The panel as a unit of systemd. */
export function createSystemdPanelService(exec: Exec): PanelService {
  return {
    name: UNIT,
    executable: EXECUTABLE,
    refusal: () => (process.platform === 'linux' && hasSystemd() ? null : (t) => t.service.noSystemd),
    changeRefusal: () => (process.getuid?.() === 0 ? null : (t) => t.service.needsRoot),
    state: async () => (await readServiceState(exec)) ?? parseState(''),
    dataDir: async () => installedDataDir(),
    place: async (running) => placeExecutable(running),
    async start(args, { dataDir }) {
      await startUnit(exec, unitFile({ executable: EXECUTABLE, args: ['serve', ...args, '--data-dir', dataDir], dataDir }));
      return null;
    },
    remove: () => removeUnit(exec),
    lastLines: () => journalTail(exec),
  };
}
