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
}

export const ROOT_LOGINS = ['yes', 'prohibit-password', 'forced-commands-only', 'no'] as const;
export const FORWARDINGS = ['yes', 'local', 'remote', 'no'] as const;

/** As sshd writes them. */
export const KEYWORDS: Record<keyof SshSettings, string> = {
  ports: 'Port', listenAddresses: 'ListenAddress', permitRootLogin: 'PermitRootLogin', passwordAuthentication: 'PasswordAuthentication',
  pubkeyAuthentication: 'PubkeyAuthentication', kbdInteractiveAuthentication: 'KbdInteractiveAuthentication', allowTcpForwarding: 'AllowTcpForwarding',
  x11Forwarding: 'X11Forwarding', maxAuthTries: 'MaxAuthTries',
};

export const FIELDS = Object.keys(KEYWORDS) as (keyof SshSettings)[];

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
  };
}

/** A value as lines of the file have it. */
export function linesOf(field: keyof SshSettings, settings: SshSettings): string[] {
  const value = settings[field];
  if (Array.isArray(value)) return value.map(String);
  return [typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)];
}
