import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownCommand } from '../../config/paths.ts';
import { createHost } from '../../platform/create.ts';
import type { Exec } from '../../platform/exec.ts';
import { createScripts } from '../../platform/scripts.ts';
import { findPanelService } from '../../platform/panel-service.ts';
import { BUILT_AFTER } from '../../version.ts';
import { databasePath } from '../store.ts';
import { caution, fail, ok, type Check } from './check.ts';

export const sourcesCheck: Check = ({ config, exec }) => {
  const host = createHost(config, exec, createScripts(exec, join(config.dataDir, 'scripts')), ownCommand);
  const missing = host.metrics.missing();
  if (missing.length === 0) return ok('sources', (t) => t.doctor.sourcesGood);
  return caution('sources', (t) => t.doctor.sourcesMissing({ names: missing.join(', ') }));
};

const DOCKER = process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock';

/** Asks the engine for its version over its socket: Docker Engine API, GET /version. */
export const dockerAt = (path: string): Check => async () => {
  if (!existsSync(path)) return caution('docker', (t) => t.doctor.dockerNone);
  try {
    const answer = await fetch('http://docker/version', { unix: path, signal: AbortSignal.timeout(3000) });
    const { Version: version } = (await answer.json()) as { Version: string };
    return ok('docker', (t) => t.doctor.dockerGood({ version }));
  } catch (error) {
    const reason = String((error as NodeJS.ErrnoException).code ?? (error as Error).name);
    return caution('docker', (t) => t.doctor.dockerSilent({ path, reason }));
  }
};

export const dockerCheck = dockerAt(DOCKER);

const FIREWALLS = process.platform === 'win32' ? ['netsh'] : ['ufw', 'firewall-cmd', 'nft', 'iptables'];

export const firewallCheck: Check = ({ exec }) => {
  const found = FIREWALLS.filter((tool) => exec.which(tool));
  if (found.length) return ok('firewall', (t) => t.doctor.firewallGood({ tools: found.join(', ') }));
  return caution('firewall', (t) => t.doctor.firewallNone);
};

/**
 * Three things can be known without asking another machine: the time is after this program was made; it is after the
 * newest thing the panel wrote down; and something keeps it right (systemd, chrony).
 */
export const clockCheck: Check = async ({ config, exec, now }) => {
  const time = seconds(now);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (now < BUILT_AFTER) return fail('clock', (t) => t.doctor.clockWrong({ time, built: seconds(BUILT_AFTER) }));
  const newest = newestRecord(databasePath(config.dataDir));
  if (newest > now + 60_000) return fail('clock', (t) => t.doctor.clockPast({ time, newest: seconds(newest) }));
  const synchronized = await isSynchronized(exec);
  if (synchronized === null) return ok('clock', (t) => t.doctor.clockUnknown({ time, zone }));
  if (!synchronized) return caution('clock', (t) => t.doctor.clockAlone({ time, zone }));
  return ok('clock', (t) => t.doctor.clockGood({ time, zone }));
};

/** "2026-01-01T00:00:00Z" */
const seconds = (at: number) => new Date(at).toISOString().replace(/\.\d+/, '');

/** ms since 1970 of the newest sample or audit row, 0 when there is none. */
function newestRecord(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    using client = new Database(path, { readwrite: true, create: false });
    const newest = client.query('SELECT max(at) AS at FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(at) FROM process_minutes)');
    return (newest.get() as { at: number | null }).at ?? 0;
  } catch {
    // The check of the database says what is wrong with it.
    return 0;
  }
}

/**
 * `timedatectl show` prints `NTPSynchronized=yes`; `chronyc -c tracking` is a line of commas when chronyd runs.
 * Null: neither is there.
 */
async function isSynchronized(exec: Exec): Promise<boolean | null> {
  const timedatectl = exec.which('timedatectl');
  if (timedatectl) {
    const { code, stdout } = await exec.run([timedatectl, 'show', '--property=NTPSynchronized'], { timeout: 5000 });
    if (code === 0) return /NTPSynchronized=yes/.test(stdout);
  }
  const chronyc = exec.which('chronyc');
  if (!chronyc) return null;
  const { code, stdout } = await exec.run([chronyc, '-c', 'tracking'], { timeout: 5000 });
  return code === 0 && !/Not synchronised/.test(stdout);
}

export const serviceCheck: Check = async ({ exec }) => {
  const service = findPanelService(exec);
  if (service.refusal()) return ok('service', (t) => t.doctor.serviceNoSystemd);
  const state = await service.state();
  if (!state.installed) return ok('service', (t) => t.doctor.serviceNone);
  if (state.active === 'active') return ok('service', (t) => t.doctor.serviceRuns);
  return caution('service', (t) => t.doctor.serviceStopped({ state: state.active }));
};
