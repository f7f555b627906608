import type { ConfigLine } from './config.ts';

/** What the panel sets of sshd. */
export interface SshSettings {
  ports: number[];
  /** With a port where the file has one; none: all addresses of the machine. */
  listenAddresses: string[];
  permitRootLogin: 'yes' | 'prohibit-password' | 'forced-commands-only' | 'no';
  passwordAuthentication: boolean;
  pubkeyAuthentication: boolean;
  kbdInteractiveAuthentication: boolean;
  allowTcpForwarding: 'yes' | 'local' | 'remote' | 'no';
  x11Forwarding: boolean;
  maxAuthTries: number;
  /** Names of groups, with * and ?, of which one must be an account's; none: everybody. */
  allowGroups: string[];
}

export const ROOT_LOGINS = ['yes', 'prohibit-password', 'forced-commands-only', 'no'] as const;
export const FORWARDINGS = ['yes', 'local', 'remote', 'no'] as const;

/** As sshd writes them. */
export const KEYWORDS: Record<keyof SshSettings, string> = {
  ports: 'Port', listenAddresses: 'ListenAddress', permitRootLogin: 'PermitRootLogin', passwordAuthentication: 'PasswordAuthentication',
  pubkeyAuthentication: 'PubkeyAuthentication', kbdInteractiveAuthentication: 'KbdInteractiveAuthentication', allowTcpForwarding: 'AllowTcpForwarding',
  x11Forwarding: 'X11Forwarding', maxAuthTries: 'MaxAuthTries', allowGroups: 'AllowGroups',
};

export type SshField = keyof SshSettings;

/** Groups that are let in are shown there and not set: nobody tells here which account is in them. */
export const LINUX_FIELDS: readonly SshField[] = (Object.keys(KEYWORDS) as SshField[]).filter((field) => field !== 'allowGroups');

/** There is no root, no X11 and nothing that asks questions as PAM does (learn.microsoft.com, "OpenSSH Server configuration for Windows"). */
export const WINDOWS_FIELDS: readonly SshField[] = ['ports', 'listenAddresses', 'passwordAuthentication', 'pubkeyAuthentication', 'allowTcpForwarding', 'maxAuthTries', 'allowGroups'];

/** What counts, as `sshd -T` says it; addresses as the files have them, since it writes them out with every port. */
export function settingsOf(effective: ReadonlyMap<string, readonly string[]>, lines: readonly ConfigLine[]): SshSettings {
  const one = (keyword: string) => effective.get(keyword)?.[0] ?? '';
  const is = (keyword: string) => one(keyword) === 'yes';
  const root = one('permitrootlogin');
  const tcp = one('allowtcpforwarding');
  return {
    ports: (effective.get('port') ?? []).map(Number),
    listenAddresses: lines.filter(({ keyword, match }) => keyword === 'listenaddress' && !match).map(({ args }) => args[0] ?? ''),
    // Its name until OpenSSH 7.0, which -T still writes.
    permitRootLogin: root === 'without-password' ? 'prohibit-password' : ((ROOT_LOGINS.find((each) => each === root)) ?? 'no'),
    passwordAuthentication: is('passwordauthentication'),
    pubkeyAuthentication: is('pubkeyauthentication'),
    kbdInteractiveAuthentication: is('kbdinteractiveauthentication'),
    allowTcpForwarding: FORWARDINGS.find((each) => each === tcp) ?? 'yes',
    x11Forwarding: is('x11forwarding'),
    maxAuthTries: Number(one('maxauthtries')),
    // From the files: -T does not say where a name with a blank in it ends.
    allowGroups: lines.filter(({ keyword, match }) => keyword === 'allowgroups' && !match).flatMap(({ args }) => args),
  };
}

/** At which it listens: an address with a port of its own takes none of the others. */
export function portsOf({ ports, listenAddresses }: Pick<SshSettings, 'ports' | 'listenAddresses'>): number[] {
  const fixed = listenAddresses.map((address) => Number(/(?:\]|\.\d+):(\d+)$/.exec(address)?.[1] ?? NaN));
  const own = fixed.filter((port) => !Number.isNaN(port));
  return own.length > 0 && own.length === fixed.length ? [...new Set(own)] : [...new Set([...ports, ...own])];
}

/** A value as lines of the file have it. */
export function linesOf(field: keyof SshSettings, settings: SshSettings): string[] {
  const value = settings[field];
  if (field === 'allowGroups') return settings.allowGroups.map((name) => (/\s/.test(name) ? `"${name}"` : name));
  if (Array.isArray(value)) return value.map(String);
  return [typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)];
}
