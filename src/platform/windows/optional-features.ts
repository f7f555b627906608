import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { FeatureChange, FeatureState, OptionalFeatureDetails, OptionalFeaturesDriver } from '../optional-features.ts';
import type { Run } from '../plan.ts';
import type { Fault } from './powershell/lane.ts';
import type { PowerShell } from './powershell/powershell.ts';
import { quoted } from './powershell/quoted.ts';

/** `optional-features.ps1 list`: {"server":true,"whole":true,"features":[{"name":"TelnetClient","title":"Telnet Client","state":"Disabled","install":2}]} */
export const FeatureAnswer = z.object({ server: z.boolean(), whole: z.boolean(), features: z.array(z.object({ name: z.string(), title: z.string(), state: z.string(), install: z.number().int() })) });
/** `optional-features.ps1 one`: {"state":"Disabled","title":"Telnet Client","description":"Allows you to connect to other computers remotely.","restart":"Possible"} */
export const OneFeature = z.object({ state: z.string(), title: z.string(), description: z.string(), restart: z.string() });
/**
 * `optional-features.ps1 roles`:
 *
 *     {"server":true,"features":[{"name":"Web-WebServer","title":"Web Server","description":"…","state":"Available","parent":"Web-Server","needs":[],"holds":["Web-Common-Http"]}]}
 */
export const RoleAnswer = z.object({
  server: z.boolean(),
  features: z.array(z.object({ name: z.string(), title: z.string(), description: z.string(), state: z.string(), parent: z.string(), needs: z.array(z.string()), holds: z.array(z.string()) })),
});
/** `optional-features.ps1 capabilities`: {"server":true,"capabilities":[{"name":"OpenSSH.Server~~~~0.0.1.0","state":"NotPresent"}]} */
export const CapabilityAnswer = z.object({ server: z.boolean(), capabilities: z.array(z.object({ name: z.string(), state: z.string() })) });
/** `optional-features.ps1 capability`: {"state":"NotPresent","title":"OpenSSH Server","description":"OpenSSH-based secure shell (SSH) server, for secure key management and access from remote machines."} */
export const OneCapability = z.object({ state: z.string(), title: z.string(), description: z.string() });
const Outcome = z.object({ restart: z.string() });

/** FeatureState and PackageFeatureState of Microsoft.Dism.Commands, and InstallState of Microsoft.Windows.ServerManager.Commands. */
const STATES: Record<string, FeatureState> = {
  Enabled: 'on', Disabled: 'off', DisabledWithPayloadRemoved: 'absent', EnablePending: 'turning-on', DisablePending: 'turning-off', PartiallyInstalled: 'partly',
  NotPresent: 'absent', Staged: 'off', Installed: 'on', Available: 'off', Removed: 'absent', InstallPending: 'turning-on', UninstallPending: 'turning-off',
};
/** InstallState of Win32_OptionalFeature. */
const INSTALLS: Record<number, FeatureState> = { 1: 'on', 2: 'off', 3: 'absent' };
const RESTARTS: Record<string, OptionalFeatureDetails['restart']> = { No: 'no', Possible: 'maybe', Required: 'yes' };

/** DISM's own numbers: the name is unknown; the files are not to be had, or not from here (0x800f0954: the update server of the house has none). */
const UNKNOWN = [0x800f080c];
const NO_SOURCE = [0x800f0906, 0x800f0907, 0x800f081f, 0x800f0950, 0x800f0954];

const VERBS = { optional: { on: 'enable', off: 'disable' }, capability: { on: 'add', off: 'remove' }, server: { on: 'install', off: 'uninstall' } } as const;

/** What a person would type for the same. */
export function commandOf({ list, name, on }: FeatureChange): string {
  const called = quoted(name);
  if (list === 'server') return `${on ? 'Install' : 'Uninstall'}-WindowsFeature -Name ${called}`;
  if (list === 'capability') return `${on ? 'Add' : 'Remove'}-WindowsCapability -Online -Name ${called}`;
  return on ? `Enable-WindowsOptionalFeature -Online -FeatureName ${called} -All -NoRestart` : `Disable-WindowsOptionalFeature -Online -FeatureName ${called} -NoRestart`;
}

/** The list has no titles: "Language.Basic~~~zh-CN~0.0.1.0" → "Language.Basic zh-CN". */
const titleOf = (name: string) => {
  const [id = name, , , language] = name.split('~');
  return language ? `${id} ${language}` : id;
};

function refusalOf(error: unknown, name: string): unknown {
  if (!(error instanceof AppError)) return error;
  const number = ((error.cause as Fault | undefined)?.hresult ?? 0) >>> 0;
  const options = { cause: error, ...(error.detail ? { detail: error.detail } : {}) };
  if (UNKNOWN.includes(number)) return new AppError('not_found', (t) => t.optionalFeatures.gone({ name }), options);
  return NO_SOURCE.includes(number) ? new AppError('unavailable', (t) => t.optionalFeatures.noSource, options) : error;
}

const GOES_ON = 'Windows is not stopped in the middle of this: it goes on, and until it has ended nothing else can be changed here.\n';
const LEFT = 'The panel stops. Windows goes on with this by itself.\n';

/**
 * Waits for Windows also when it is given up, as its process must not be ended over a half-written store of components. A panel
 * that stops cannot wait: the process outlives it, and ends with what it does.
 */
async function awaited<T>(work: Promise<T>, { signal, onOutput }: Run): Promise<T> {
  const left = Promise.withResolvers<never>();
  const abort = () => {
    onOutput?.(signal!.reason === 'stop' ? LEFT : GOES_ON);
    if (signal!.reason === 'stop') left.reject(signal!.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  work.catch(() => {});
  return Promise.race([work, left.promise]).finally(() => signal?.removeEventListener('abort', abort));
}

/** @param longShell a PowerShell for one change: the shared ones would be taken for up to two hours. It is closed when that has ended */
export function createWindowsOptionalFeatures(shell: PowerShell, longShell: () => PowerShell): OptionalFeaturesDriver {
  async function roles(): Promise<OptionalFeatureDetails[]> {
    const { server, features } = await shell.call('optional-features.ps1', 'roles', {}, RoleAnswer);
    if (!server) throw new AppError('unsupported', (t) => t.optionalFeatures.noServer);
    return features.map(({ state, parent, ...rest }) => ({ ...rest, state: STATES[state] ?? 'other', parent: parent || null, restart: null }));
  }
  return {
    refusal: () => (shell.missing() ? (t) => t.powershell.unavailable : null),
    async list(list) {
      if (list === 'server') return { features: (await roles()).map(({ name, title, state, parent }) => ({ name, title, state, parent })), server: true, whole: true };
      if (list === 'capability') {
        const { capabilities, server } = await shell.call('optional-features.ps1', 'capabilities', {}, CapabilityAnswer);
        return { server, whole: true, features: capabilities.map(({ name, state }) => ({ name, title: titleOf(name), state: STATES[state] ?? 'other', parent: null })) };
      }
      const { features, server, whole } = await shell.call('optional-features.ps1', 'list', {}, FeatureAnswer);
      return { server, whole, features: features.map(({ name, title, state, install }) => ({ name, title: title || name, state: STATES[state] ?? (state ? 'other' : INSTALLS[install]) ?? 'other', parent: null })) };
    },
    async one(list, name) {
      if (list === 'server') return (await roles()).find((each) => each.name === name) ?? null;
      const orNone = (cause: unknown) => {
        const error = refusalOf(cause, name);
        if (error instanceof AppError && error.code === 'not_found') return null;
        throw error;
      };
      if (list === 'capability') {
        const one = await shell.call('optional-features.ps1', 'capability', { name }, OneCapability).catch(orNone);
        return one && { name, title: one.title || titleOf(name), description: one.description, state: STATES[one.state] ?? 'other', restart: null, parent: null, needs: [], holds: [] };
      }
      const found = await shell.call('optional-features.ps1', 'one', { name }, OneFeature).catch(orNone);
      return found && { name, title: found.title || name, description: found.description, state: STATES[found.state] ?? 'other', restart: RESTARTS[found.restart] ?? null, parent: null, needs: [], holds: [] };
    },
    commands: (change) => [commandOf(change)],
    async change({ list, name, on }, run = {}) {
      run.signal?.throwIfAborted();
      const own = longShell();
      const work = own.call('optional-features.ps1', VERBS[list][on ? 'on' : 'off'], { name }, Outcome).finally(() => own.close());
      const { restart } = await awaited(work, run).catch((error: unknown) => {
        throw refusalOf(error, name);
      });
      run.onOutput?.(`RestartNeeded: ${restart}\n`);
      return { restart: ['True', 'Yes', 'Maybe'].includes(restart) };
    },
  };
}
