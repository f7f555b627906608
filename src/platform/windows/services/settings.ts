import { REG, type RegistryKey } from '../../registry.ts';
import type { RecoverySettings, RecoveryStep } from '../../service-setup.ts';
import type { Recovery } from '../../services.ts';

/** Each service and driver has a key in it ("HKLM\SYSTEM\CurrentControlSet\Services Registry Tree", learn.microsoft.com). */
export const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';

/** What the registry tells of a service, and Win32_Service does not. */
export interface ServiceSettings {
  /** Automatic, a while after the machine. */
  delayed: boolean;
  /** An event starts it or ends it: a device, a network, a time. */
  triggered: boolean;
  /** For each user who signs in one is made of it. */
  template: boolean;
  /** A driver: it is not in the list of services. */
  driver: boolean;
  /** Names of what must run before, and "+Group" for one of a group. */
  needs: string[];
  /** Its program or driver, as it stands there. */
  image: string;
  recovery: Recovery[];
  settings: RecoverySettings;
}

const ALWAYS_NOTHING: Recovery[] = [{ when: 'always', action: 'none', delay: null }];
const NOTHING_SET: RecoverySettings = { steps: Array.from({ length: 3 }, () => ({ action: 'none', delay: 0 })), reset: 0, command: '', onErrors: false };
export const NO_SETTINGS: ServiceSettings = { delayed: false, triggered: false, template: false, driver: false, needs: [], image: '', recovery: ALWAYS_NOTHING, settings: NOTHING_SET };

// winnt.h
const WIN32_TYPES = 0x30;
const USER_SERVICE = 0x40;
const USER_INSTANCE = 0x80;

export function settingsOf(key: RegistryKey | null): ServiceSettings {
  if (!key) return NO_SETTINGS;
  const of = (name: string, ...types: number[]) => {
    const value = key.values.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return value && types.includes(value.type) ? Buffer.from(value.bytes) : null;
  };
  const number = (name: string) => {
    const bytes = of(name, REG.dword);
    return bytes?.length === 4 ? bytes.readUInt32LE() : 0;
  };
  const type = number('Type');
  return {
    delayed: number('DelayedAutostart') !== 0,
    triggered: key.keys.some((name) => name.toLowerCase() === 'triggerinfo'),
    template: (type & USER_SERVICE) !== 0 && (type & USER_INSTANCE) === 0,
    driver: (type & WIN32_TYPES) === 0,
    needs: [...wordsOf(of('DependOnService', REG.multi)), ...wordsOf(of('DependOnGroup', REG.multi)).map((name) => `+${name}`)],
    image: wordsOf(of('ImagePath', REG.sz, REG.expand))[0] ?? '',
    recovery: recoveryOf(of('FailureActions', REG.binary)),
    settings: recoverySettingsOf(of('FailureActions', REG.binary), wordsOf(of('FailureCommand', REG.sz, REG.expand))[0] ?? '', number('FailureActionsOnNonCrashFailures') !== 0),
  };
}

/** REG_MULTI_SZ: UTF-16, each ended by a NUL, and one more at the end that some leave out. */
const wordsOf = (bytes: Buffer | null): string[] => bytes?.toString('utf16le').split('\0').filter(Boolean) ?? [];

/** SC_ACTION_TYPE (winsvc.h) */
const ACTIONS: Recovery['action'][] = ['none', 'restart', 'reboot', 'run'];
const TIMES = ['first', 'second', 'later'];

/**
 * FailureActions is SERVICE_FAILURE_ACTIONS with pointers of 32 bits, whatever the machine's:
 * seconds after which failures are forgotten, message, command, how many actions, where they begin; then for each its kind and ms:
 *
 *     80 51 01 00  00 00 00 00  00 00 00 00  03 00 00 00  14 00 00 00   a day, 3 actions, from byte 20
 *     01 00 00 00  60 ea 00 00   01 00 00 00  60 ea 00 00   00 00 00 00  00 00 00 00   restart after 60 s, twice, then nothing
 *
 * The last one counts for all failures that follow (learn.microsoft.com, SERVICE_FAILURE_ACTIONSW).
 */
export function recoveryOf(bytes: Buffer | null): Recovery[] {
  const actions = actionsOf(bytes);
  const last = actions.at(-1);
  if (!last || actions.every(({ action }) => action === 'none')) return ALWAYS_NOTHING;
  return threeOf(actions, last).map(({ action, delay }, i) => ({ when: TIMES[i]!, action, delay: action === 'none' ? null : delay }));
}

function actionsOf(bytes: Buffer | null): RecoveryStep[] {
  if (!bytes || bytes.length < 20) return [];
  const count = Math.min(bytes.readUInt32LE(12), Math.floor((bytes.length - 20) / 8));
  return Array.from({ length: count }, (_, i) => ({ action: ACTIONS[bytes.readUInt32LE(20 + i * 8)] ?? 'none', delay: bytes.readUInt32LE(24 + i * 8) }));
}

const threeOf = (actions: readonly RecoveryStep[], last: RecoveryStep) =>
  TIMES.map((_, i) => (i === TIMES.length - 1 && actions.length > TIMES.length ? last : actions[i]) ?? last);

const INFINITE = 0xffffffff;

/** The same, as it is set up. More than three actions become three when it is changed; the one for all that follow stays. */
export function recoverySettingsOf(bytes: Buffer | null, command: string, onErrors: boolean): RecoverySettings {
  const actions = actionsOf(bytes);
  const last = actions.at(-1);
  const reset = bytes && bytes.length >= 4 ? bytes.readUInt32LE(0) : 0;
  return { steps: last ? threeOf(actions, last) : NOTHING_SET.steps, reset: reset === INFINITE ? null : reset, command, onErrors };
}
