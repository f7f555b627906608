export const RECOVERY_ACTIONS = ['none', 'restart', 'reboot', 'run'] as const;
/** `restart` the service, `reboot` the machine, `run` the command. */
export type RecoveryAction = (typeof RECOVERY_ACTIONS)[number];

export interface RecoveryStep {
  action: RecoveryAction;
  /** ms before it */
  delay: number;
}

/** What Windows does when a service fails, as it can be set up. */
export interface RecoverySettings {
  /** After the first failure, after the second, and after all that follow. */
  steps: RecoveryStep[];
  /** Seconds without a failure after which they are counted from the first again; null: never. */
  reset: number | null;
  /** Command line of `run`. */
  command: string;
  /** Also when the service stops in order and says that it failed; otherwise only when its process ends without a word. */
  onErrors: boolean;
}

export type ServiceSetup = { kind: 'recovery'; to: RecoverySettings } | { kind: 'account'; account: string };

/** The accounts that Windows has for services; they have no password. */
export const SERVICE_ACCOUNTS = ['LocalSystem', 'NT AUTHORITY\\LocalService', 'NT AUTHORITY\\NetworkService'] as const;

const builtIn = (account: string) => SERVICE_ACCOUNTS.some((one) => one.toLowerCase() === account.toLowerCase());
const virtual = (account: string) => /^NT SERVICE\\/i.test(account);
/** Managed accounts (gMSA) end with a dollar; Windows knows their passwords by itself, and so it does of a service's own. */
export const isManaged = (account: string) => virtual(account) || (!builtIn(account) && account.endsWith('$'));
export const needsPassword = (account: string) => !builtIn(account) && !isManaged(account);
/** The others have the right to run services already. */
export const needsLogonRight = (account: string) => !builtIn(account) && !virtual(account);
