import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { PackageChange, PackagesDriver, PackageUpdates } from '../../packages.ts';
import { planOf } from '../../plan.ts';
import { runStep, serviceSteps, showStep, step, type Step } from '../steps.ts';
import { readText } from '../text-file.ts';
import { automaticOn, PACKAGE_NAME, updatesOf, withAutomatic } from './apt-parse.ts';
import type { Lasting } from './lasting.ts';
import { isLocked } from './locks.ts';

const MINUTES = 60_000;
const AUTOMATIC = '/etc/apt/apt.conf.d/20auto-upgrades';
/** Seconds that are waited for somebody else who installs. */
const LOCK_S = 300;
/** Nobody is asked; files of settings that somebody changed stay as they are; needrestart only tells (it would restart the panel in the middle). */
const ENV = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
const KEEP = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold', '-o', 'Dpkg::Use-Pty=0'];
const LOCK = ['-o', `DPkg::Lock::Timeout=${LOCK_S}`];
const apt = (...words: string[]): Step => ({ argv: ['apt-get', ...LOCK, ...KEEP, '-y', ...words], env: ENV });

/** Of each package that is here dpkg keeps a list of its files: `bash.list`, `libc6:amd64.list`. */
const INSTALLED = '/var/lib/dpkg/info';

export function createAptPackages(exec: Exec, lasting: Lasting, installed = INSTALLED): PackagesDriver {
  const ask = (...argv: [string, ...string[]]) => runStep(exec, step(...argv), { timeout: 2 * MINUTES, cap: 8 << 20 });
  const simulate = (...words: string[]) => ask('apt-get', '--simulate', '-o', 'Debug::NoLocking=1', ...words);
  /** Of these, the ones that were brought by another: asked for by name they would count as wanted for ever. */
  const brought = async (names: readonly string[]) => (await ask('apt-mark', 'showauto')).split('\n').filter((name) => name && names.some((one) => one === name || one.replace(/:.*/, '') === name));

  async function steps(change: PackageChange): Promise<Step[]> {
    switch (change.kind) {
      case 'refresh':
        // Without the option an unreachable source is a warning, and old lists look fresh.
        return [{ argv: ['apt-get', ...LOCK, '-o', 'APT::Update::Error-Mode=any', 'update'], env: ENV }];
      case 'upgrade': {
        if (change.which === 'all') return [apt('--with-new-pkgs', 'upgrade')];
        for (const name of change.names) if (!PACKAGE_NAME.test(name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name }));
        const auto = await brought(change.names);
        return [apt('--only-upgrade', 'install', ...change.names), ...(auto.length ? [{ ...step('apt-mark', 'auto', ...auto), mayFail: true }] : [])];
      }
      case 'install': {
        const either = change.names.some((name) => name.includes(' | '));
        for (const name of change.names.flatMap((one) => one.split(' | '))) if (!PACKAGE_NAME.test(name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name }));
        return [
          // A source that somebody added and that is away is no reason: what is not to be had says so itself.
          { argv: ['apt-get', ...LOCK, 'update'], env: ENV, mayFail: true },
          apt('--no-install-recommends', either ? 'satisfy' : 'install', ...change.names),
          ...serviceSteps(change),
        ];
      }
      case 'repair':
        return [{ argv: ['dpkg', '--force-confdef', '--force-confold', '--configure', '-a'], env: ENV }, apt('--fix-broken', 'install')];
      case 'hold':
        if (!PACKAGE_NAME.test(change.name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name: change.name }));
        // A name with `.` or `+` that is no package is a pattern to apt-mark, and all that it fits would be held.
        if (!isInstalled(installed, change.name)) throw new AppError('invalid', (t) => t.packages.notInstalled({ name: change.name }));
        return [step('apt-mark', change.to ? 'hold' : 'unhold', change.name)];
      case 'automatic':
        return change.to && !exec.which('unattended-upgrade') ? [apt('--no-install-recommends', 'install', 'unattended-upgrades')] : [];
    }
  }

  async function list(): Promise<PackageUpdates> {
    const held = (await ask('apt-mark', 'showhold')).split('\n').filter(Boolean);
    const [all, now, uris, audit, periodic] = await Promise.all([
      simulate('--ignore-hold', 'dist-upgrade'), simulate('--with-new-pkgs', 'upgrade'),
      // Sizes are worth no failure.
      runStep(exec, { argv: ['apt-get', '--print-uris', '-y', '-qq', '-o', 'Debug::NoLocking=1', '--allow-change-held-packages', '--ignore-hold', 'dist-upgrade'], mayFail: true }, { cap: 8 << 20 }),
      runStep(exec, { argv: ['dpkg', '--audit'], mayFail: true }),
      runStep(exec, { argv: ['apt-config', 'dump', 'APT::Periodic'], mayFail: true }),
    ]);
    return {
      ...updatesOf(all, now, uris, held), held, refreshedAt: refreshed(), interrupted: interrupted(audit), busy: locked(),
      automatic: { name: 'unattended-upgrades', installed: exec.which('unattended-upgrade') !== undefined, on: exec.which('unattended-upgrade') !== undefined && automaticOn(periodic), path: AUTOMATIC },
      unread: [],
    };
  }

  const files = (change: PackageChange) => {
    if (change.kind !== 'automatic') return [];
    const before = readText(AUTOMATIC);
    return [{ path: AUTOMATIC, before, after: withAutomatic(before, change.to) }];
  };

  return {
    tool: 'apt',
    refusal: () => null,
    changeRefusal: () => (process.geteuid?.() === 0 ? null : (t) => t.packages.notRoot),
    list,
    plan: async (change) => planOf((await steps(change)).map(showStep), files(change)),
    /** The file as it was shown, also where the package that comes before it brings one. */
    run: async (change, run) => lasting.run([...(await steps(change)), ...files(change).map(({ path, after }) => ({ path, text: after }))], run),
    left: lasting.left,
    async changelog(name) {
      if (!PACKAGE_NAME.test(name)) throw new AppError('not_found', (t) => t.packages.noSuch({ name }));
      return runStep(exec, step('apt-get', 'changelog', name), { timeout: MINUTES });
    },
  };
}

function isInstalled(folder: string, name: string): boolean {
  const [bare, arch] = name.split(':') as [string, string | undefined];
  if (existsSync(join(folder, `${name}.list`))) return true;
  // Of one that is here for one architecture only, the file does not tell which; as a pattern it would fit others of that.
  if (arch !== undefined) return !/[.+]/.test(bare) && existsSync(join(folder, `${bare}.list`));
  try {
    return readdirSync(folder).some((file) => file.startsWith(`${name}:`) && file.endsWith('.list'));
  } catch {
    return false;
  }
}

/** apt leaves a stamp; without it the folder of the lists tells when something last came in. */
function refreshed(): number | null {
  for (const path of ['/var/lib/apt/periodic/update-success-stamp', '/var/lib/apt/lists']) {
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (at !== undefined && (path.endsWith('stamp') || readdirSync(path).some((name) => /_(Packages|Release|InRelease)/.test(name)))) return Math.floor(at);
  }
  return null;
}

/** dpkg numbers what it is about in this folder, and empties it when it is done. */
function interrupted(audit: string): string | null {
  let pieces: string[] = [];
  try {
    pieces = readdirSync('/var/lib/dpkg/updates').filter((name) => /^\d+$/.test(name));
  } catch {
    // No dpkg here, or not to be looked into.
  }
  if (locked()) return null;
  return audit.trim() || (pieces.length ? `/var/lib/dpkg/updates: ${pieces.join(' ')}` : null);
}

const locked = () => isLocked('/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock');
