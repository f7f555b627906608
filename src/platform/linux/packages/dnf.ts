import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { PackageChange, PackagesDriver, UnreadPackages } from '../../packages.ts';
import { planOf } from '../../plan.ts';
import { runStep, serviceSteps, showStep, step } from '../steps.ts';
import { readText } from '../text-file.ts';
import { appliesUpdates, AUTOMATIC, AUTOMATIC_SHIPPED, withApplied } from './dnf-automatic.ts';
import { dnfUpdates, heldNames, NAME, parseAdvisories, parseAdvisories5, parseLockFile, parseLocks, type Locks } from './dnf-parse.ts';
import type { FileStep, Lasting, LastingStep } from './lasting.ts';
import { isLocked } from './locks.ts';

const MINUTES = 60_000;
/** dnf ends with it when there is something newer (dnf(8), check-update). */
const NEWER = 100;
const LOCK_FILE = '/etc/dnf/versionlock.toml';
/** What differs between dnf 4 and dnf 5, which Fedora calls dnf since 41. */
const DNF4 = { automatic: 'dnf-automatic', timer: 'dnf-automatic.timer', cache: '/var/cache/dnf' };
const DNF5 = { automatic: 'dnf5-plugin-automatic', timer: 'dnf5-automatic.timer', cache: '/var/cache/libdnf5' };
/** As if nothing were locked, of dnf 4; dnf 5 has no such switch. */
const UNLOCKED = '--disableplugin=versionlock';

/** When the newest list came in: each source keeps its own in a folder. */
function refreshed(cache: string): number | null {
  try {
    const sources = readdirSync(cache, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const times = sources.flatMap(({ name }) => statSync(join(cache, name, 'repodata/repomd.xml'), { throwIfNoEntry: false })?.mtimeMs ?? []);
    return times.length ? Math.floor(Math.max(...times)) : null;
  } catch {
    return null;
  }
}

/** RPM holds a lock while it installs (Fedora 36 and later keep its database elsewhere); dnf writes its number down before. */
function busy(): boolean {
  const pid = readText('/var/lib/dnf/rpmdb_lock.pid')?.trim();
  return isLocked('/var/lib/rpm/.rpm.lock', '/usr/lib/sysimage/rpm/.rpm.lock') || (pid !== undefined && /^\d+$/.test(pid) && existsSync(`/proc/${pid}`));
}

export function createDnfPackages(exec: Exec, lasting: Lasting, lockFile = LOCK_FILE): PackagesDriver {
  const ask = (...words: string[]) => exec.run([exec.which('dnf')!, ...words], { timeout: 2 * MINUTES, cap: 8 << 20 });
  const maybe = (...argv: [string, ...string[]]) => runStep(exec, { ...step(...argv), mayFail: true }, { timeout: 2 * MINUTES, cap: 8 << 20 });
  /** From what was fetched last (`-C`): a look at a page asks nobody on the network. */
  const look = (...words: string[]) => maybe('dnf', '-q', '-C', ...words);
  /** `dnf5 version 5.2.6.2`; dnf 4 says its number only. Asked each time: an upgrade of the system may exchange it. */
  const isFive = async () => /^dnf5 version/m.test(await maybe('dnf', '--version'));

  /** dnf 5 holds nothing of any other name, and ends well. */
  const isInstalled = async (name: string) => (await maybe('rpm', '-q', '--', name)).trim() !== `package ${name} is not installed`;

  function automaticSteps(to: boolean, five: boolean): LastingStep[] {
    const { automatic, timer } = five ? DNF5 : DNF4;
    if (!to) return [step('systemctl', 'disable', '--now', timer)];
    return [...(exec.which('dnf-automatic') ? [] : [step('dnf', '-y', 'install', automatic)]), automaticFile(), step('systemctl', 'enable', '--now', timer)];
  }

  async function steps(change: PackageChange): Promise<LastingStep[]> {
    switch (change.kind) {
      // Fedora skips a source that cannot be reached, and old lists look fresh.
      case 'refresh': return [step('dnf', '-y', '--setopt=skip_if_unavailable=False', 'makecache', '--refresh')];
      case 'upgrade':
        for (const name of change.names) if (!NAME.test(name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name }));
        return [step('dnf', '-y', 'upgrade', ...(change.which === 'security' ? ['--security'] : change.which === 'chosen' ? change.names : []))];
      case 'install':
        for (const name of change.names) if (!NAME.test(name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name }));
        return [step('dnf', '-y', 'install', ...change.names), ...serviceSteps(change)];
      case 'repair': return [step('rpm', '--rebuilddb'), step('dnf', '-y', 'distro-sync', '--skip-broken')];
      case 'hold':
        if (!NAME.test(change.name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name: change.name }));
        if (change.to && !(await isInstalled(change.name))) throw new AppError('invalid', (t) => t.packages.notInstalled({ name: change.name }));
        return [step('dnf', '-y', 'versionlock', change.to ? 'add' : 'delete', change.name)];
      case 'automatic': return automaticSteps(change.to, await isFive());
    }
  }

  /** What is for security, by its name with version and architecture; null: it is not known. */
  async function security(five: boolean, unread: UnreadPackages[]): Promise<Set<string> | null> {
    const { code, stdout, stderr } = await ask('-q', '-C', ...(five ? ['advisory', 'list', '--security', '--updates', '--json'] : [UNLOCKED, 'updateinfo', 'list', '--updates', 'security']));
    const found = code !== 0 ? null : five ? parseAdvisories5(stdout) : parseAdvisories(stdout);
    if (!found) unread.push({ tool: 'dnf', what: 'security', why: (t) => t.packages.noAdvisories, detail: stderr.trim() || null });
    return found;
  }

  async function locksOf(five: boolean, unread: UnreadPackages[]): Promise<Locks> {
    // Without the plugin nothing is held, and dnf 4 says that as a failure.
    if (!five) return parseLocks(await look('versionlock', 'list'));
    const locks = existsSync(lockFile) ? parseLockFile(readText(lockFile) ?? '') : new Map();
    if (!locks) unread.push({ tool: 'dnf', what: 'holds', why: (t) => t.packages.noLocks({ path: lockFile }), detail: null });
    return locks ?? new Map();
  }

  return {
    tool: 'dnf',
    refusal: () => null,
    changeRefusal: () => (process.geteuid?.() === 0 ? null : (t) => t.packages.notRoot),
    async list() {
      const [check, five] = await Promise.all([ask('-q', '-C', 'check-update'), isFive()]);
      // Anything else did not work: runOk says so in the tool's words.
      if (check.code !== 0 && check.code !== NEWER) await runOk({ ...exec, run: async () => check }, [exec.which('dnf')!]);
      const unread: UnreadPackages[] = [];
      const { timer, cache } = five ? DNF5 : DNF4;
      const [safe, installed, locks, enabled] = await Promise.all([
        security(five, unread), maybe('rpm', '-qa', '--qf', '%{NAME}.%{ARCH}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\n'), locksOf(five, unread), maybe('systemctl', 'is-enabled', timer),
      ]);
      // What is locked is left out of the first answer; only a transaction of dnf 5 looks at the locks, so its list has all.
      const all = five ? await look('list', '--upgrades') : locks.size ? await look(UNLOCKED, 'check-update', ...locks.keys()) : '';
      return {
        updates: dnfUpdates({ now: check.stdout, all, safe, installed, locks }), fresh: [], held: heldNames(locks), refreshedAt: refreshed(cache), interrupted: null, busy: busy(),
        automatic: { name: 'dnf-automatic', installed: exec.which('dnf-automatic') !== undefined, on: enabled.trim() === 'enabled' && appliesUpdates(readText(AUTOMATIC), five ? readText(AUTOMATIC_SHIPPED) : null), path: AUTOMATIC },
        unread,
      };
    },
    async plan(change) {
      const all = await steps(change);
      return planOf(all.flatMap((each) => ('argv' in each ? [showStep(each)] : [])), all.flatMap((each) => ('path' in each ? [{ path: each.path, before: readText(each.path), after: each.text }] : [])));
    },
    run: async (change, run) => lasting.run(await steps(change), run),
    left: lasting.left,
    /** What an advisory says; without one, what its makers wrote into the package, where the lists have that. */
    async changelog(name) {
      if (!NAME.test(name)) return null;
      // To dnf 5 a bare word is the name of an advisory.
      const advisory = (await isFive()) ? look('advisory', 'info', '--updates', `--contains-pkgs=${name}`) : look('updateinfo', 'info', name);
      return (await advisory).trim() || (await look('repoquery', '--changelogs', '--latest-limit=1', name)).trim() || null;
    },
  };
}

const automaticFile = (): FileStep => ({ path: AUTOMATIC, text: withApplied(readText(AUTOMATIC)) });
