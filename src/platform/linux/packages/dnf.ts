import { AppError } from '../../../lib/errors.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { PackageChange, PackagesDriver, PackageUpdate } from '../../packages.ts';
import { planOf } from '../../plan.ts';
import { runStep, runSteps, showStep, step, type Step } from '../steps.ts';

const MINUTES = 60_000;
/** Names of RPM; never an option. */
const NAME = /^[A-Za-z0-9_][\w+.-]*$/;
/** dnf ends with it when there is something newer (dnf(8), check-update). */
const NEWER = 100;
const TIMER = 'dnf-automatic.timer';

/**
 * `dnf -q -C check-update`: name and architecture, version, repository; what replaces others stands below a heading.
 *
 *     kernel-core.x86_64          6.8.9-300.fc40          updates
 *     Obsoleting Packages
 */
export const parseCheckUpdate = (text: string): { name: string; arch: string; to: string; origin: string }[] =>
  [...text.split(/^Obsoleting Packages/m)[0]!.matchAll(/^(\S+)\.(\w+)\s+(\S+)\s+(\S+)\s*$/gm)].map(([, name, arch, to, origin]) => ({ name: name!, arch: arch!, to: to!, origin: origin! }));

/** `dnf -q updateinfo list --updates security`: `FEDORA-2024-1a2b Important/Sec. kernel-core-6.8.9-300.fc40.x86_64` */
export const parseAdvisories = (text: string): Set<string> => new Set([...text.matchAll(/^\S+\s+\S+\s+(\S+)\s*(?:\d.*)?$/gm)].map(([, nevra]) => nevra!));

/** `rpm -qa --qf '%{NAME}.%{ARCH}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\n'` */
export const parseInstalled = (text: string): Map<string, string> => new Map(text.split('\n').filter((line) => line.includes('\t')).map((line) => line.split('\t') as [string, string]));

/** `dnf versionlock list`: `kernel-core-0:6.8.5-301.fc40.*` */
export const parseLocks = (text: string): string[] => [...text.matchAll(/^(\S+?)-(?:\d+:)?\d\S*-\S+\.\*$/gm)].map(([, name]) => name!);

export function dnfUpdates(check: string, advisories: string, installed: string, locks: readonly string[]): PackageUpdate[] {
  const [safe, have] = [parseAdvisories(advisories), parseInstalled(installed)];
  return parseCheckUpdate(check)
    .map((each): PackageUpdate => ({
      ...each, from: have.get(`${each.name}.${each.arch}`) ?? '', size: null, stays: locks.includes(each.name) ? 'held' : null,
      security: safe.has(`${each.name}-${each.to.replace(/^\d+:/, '')}.${each.arch}`) || safe.has(`${each.name}-${each.to}.${each.arch}`),
    }))
    .sort((a, b) => Number(b.security) - Number(a.security) || (a.name < b.name ? -1 : 1));
}

export function createDnfPackages(exec: Exec): PackagesDriver {
  const maybe = (...argv: [string, ...string[]]) => runStep(exec, { ...step(...argv), mayFail: true }, { timeout: 2 * MINUTES, cap: 8 << 20 });
  const steps = (change: PackageChange): Step[] => {
    switch (change.kind) {
      case 'refresh': return [step('dnf', '-y', 'makecache', '--refresh')];
      case 'upgrade':
        for (const name of change.names) if (!NAME.test(name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name }));
        return [step('dnf', '-y', 'upgrade', ...(change.which === 'security' ? ['--security'] : change.which === 'chosen' ? change.names : []))];
      case 'repair': return [step('rpm', '--rebuilddb'), step('dnf', '-y', 'distro-sync', '--skip-broken')];
      case 'hold':
        if (!NAME.test(change.name)) throw new AppError('invalid', (t) => t.packages.noSuch({ name: change.name }));
        return [step('dnf', '-y', 'versionlock', change.to ? 'add' : 'delete', change.name)];
      case 'automatic':
        return change.to ? [...(exec.which('dnf-automatic') ? [] : [step('dnf', '-y', 'install', 'dnf-automatic')]), step('systemctl', 'enable', '--now', TIMER)] : [step('systemctl', 'disable', '--now', TIMER)];
    }
  };
  /** From what was fetched last (`-C`): a look at a page asks nobody on the network. */
  const look = (...words: string[]) => maybe('dnf', '-q', '-C', ...words);
  return {
    tool: 'dnf',
    refusal: () => null,
    changeRefusal: () => (process.geteuid?.() === 0 ? null : (t) => t.packages.notRoot),
    async list() {
      const dnf = exec.which('dnf')!;
      const check = await exec.run([dnf, '-q', '-C', 'check-update'], { timeout: 2 * MINUTES, cap: 8 << 20 });
      // Anything else did not work: runOk says so in the tool's words.
      if (check.code !== 0 && check.code !== NEWER) await runOk({ ...exec, run: async () => check }, [dnf]);
      const [advisories, installed, locks, timer] = await Promise.all([
        look('updateinfo', 'list', '--updates', 'security'), maybe('rpm', '-qa', '--qf', '%{NAME}.%{ARCH}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\n'),
        look('versionlock', 'list'), maybe('systemctl', 'is-enabled', TIMER),
      ]);
      const held = parseLocks(locks);
      return {
        updates: dnfUpdates(check.stdout, advisories, installed, held), fresh: [], held, refreshedAt: null, interrupted: null, busy: false,
        automatic: { name: 'dnf-automatic', installed: exec.which('dnf-automatic') !== undefined, on: timer.trim() === 'enabled', path: `/etc/dnf/automatic.conf` },
      };
    },
    plan: async (change) => planOf(steps(change).map(showStep)),
    run: (change, { signal, onOutput }) => runSteps(exec, steps(change), { signal, onOutput, timeout: 120 * MINUTES }),
    changelog: async (name) => (NAME.test(name) ? (await look('updateinfo', 'info', name)) || null : null),
  };
}
