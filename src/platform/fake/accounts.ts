import { AppError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { parsePublicKey } from '../../lib/public-key.ts';
import type { AccountChange, AccountsDriver, AuthorizedKeys, HostAccount, HostAccounts, KeyChange } from '../accounts.ts';

const HOUR = 3_600_000;
const SHELLS = ['/bin/sh', '/bin/bash', '/usr/bin/bash', '/bin/dash'];
/** A key that nobody has: made for the demo, its other half thrown away. */
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop';

export interface FakeAccounts extends AccountsDriver {
  /** What was asked for; nothing of it happened on a machine. */
  readonly ran: string[];
}

const commandOf = (change: AccountChange): string => {
  const { name } = change;
  switch (change.kind) {
    case 'create': return `useradd --create-home --user-group --shell ${change.shell}${change.admin ? ' --groups sudo' : ''} -- ${name}`;
    case 'remove': return `userdel ${change.home ? '--remove ' : ''}-- ${name}`;
    case 'lock': return `usermod --lock --expiredate 1 -- ${name}`;
    case 'unlock': return `usermod --unlock --expiredate '' -- ${name}`;
    case 'password': return 'chpasswd < …';
    case 'admin': return change.to ? `usermod --append --groups sudo -- ${name}` : `gpasswd --delete ${name} sudo`;
  }
};

/** Accounts of the machine that does not exist: they come, go and are locked in memory. */
export function createFakeAccounts(clock: Clock): FakeAccounts {
  const row = (name: string, uid: number, more: Partial<HostAccount> = {}): HostAccount => ({
    name, uid, gid: uid, group: name, groups: [], sid: null, builtIn: uid === 0, disabled: false, passwordSetAt: null, remoteDesktop: null, fullName: '', home: `/home/${name}`, shell: '/bin/bash', shellWorks: true, system: false, password: 'set', expiresAt: null, admin: null, lastSignIn: null, ...more,
  });
  const daemon = (name: string, uid: number, home: string) => row(name, uid, { home, shell: '/usr/sbin/nologin', shellWorks: false, system: true, password: 'locked' });
  const accounts: HostAccount[] = [
    row('root', 0, { home: '/root', admin: 'root', password: 'locked' }),
    daemon('www-data', 33, '/var/www'), daemon('postgres', 110, '/var/lib/postgresql'), daemon('sshd', 106, '/run/sshd'),
    row('lin', 1000, { fullName: 'Lin Chen', admin: 'group', groups: ['sudo', 'docker'], lastSignIn: { at: clock.now() - 2 * HOUR, line: 'pts/0', from: '198.51.100.23' } }),
    row('deploy', 1001, { fullName: 'Deployments', groups: ['docker'], password: 'locked', lastSignIn: { at: clock.now() - 30 * HOUR, line: 'pts/1', from: '2001:db8::51' } }),
    row('wang', 1002, { fullName: '王小明', expiresAt: 86_400_000 }),
  ];
  const keys = new Map<string, string[]>([['lin', [KEY]], ['deploy', [`from="198.51.100.0/24",no-pty ${KEY.replace('lin@laptop', 'ci@runner')}`]]]);
  const ran: string[] = [];

  const list = (): HostAccounts => {
    const names = ['sudo', 'docker', ...accounts.map(({ name }) => name)];
    const gid = (name: string) => ({ sudo: 27, docker: 999 })[name] ?? accounts.find((one) => one.name === name)!.gid!;
    return {
      accounts: accounts.map((one) => ({ ...one })), adminGroup: 'sudo', shells: SHELLS, whole: true, own: null,
      groups: names.map((name) => ({ name, gid: gid(name), sid: null, system: gid(name) < 1000, members: accounts.filter((one) => one.group === name || one.groups.includes(name)).map((one) => one.name) })),
    };
  };
  const set = (name: string, change: Partial<HostAccount>) => void Object.assign(accounts.find((one) => one.name === name) ?? {}, change);
  const place = (account: HostAccount) => `${account.home}/.ssh/authorized_keys`;
  const textOf = (name: string) => (keys.get(name) ?? []).map((line) => `${line}\n`).join('');
  const after = (name: string, change: KeyChange) => ('add' in change ? [...(keys.get(name) ?? []), change.add] : (keys.get(name) ?? []).filter((line) => parsePublicKey(line)?.fingerprint !== change.remove));

  return {
    ran,
    system: 'unix',
    refusal: () => null,
    list: async () => list(),
    signIns: async (name, most) => {
      const last = accounts.find((one) => one.name === name)?.lastSignIn;
      return last ? Array.from({ length: Math.min(most, 5) }, (_, i) => ({ ...last, at: last.at - i * 26 * HOUR })) : [];
    },
    commands: async (change) => [commandOf(change)],
    async change(change) {
      ran.push(commandOf(change));
      const { name } = change;
      if (change.kind === 'create') accounts.push(row(name, Math.max(999, ...accounts.map(({ uid }) => uid!)) + 1, { fullName: change.fullName, shell: change.shell, password: 'locked', ...(change.admin ? { admin: 'group', groups: ['sudo'] } : {}) }));
      if (change.kind === 'remove') accounts.splice(accounts.findIndex((one) => one.name === name), 1);
      if (change.kind === 'lock') set(name, { expiresAt: 86_400_000 });
      if (change.kind === 'unlock') set(name, { expiresAt: null });
      if (change.kind === 'password') set(name, { password: 'set' });
      const groups = accounts.find((one) => one.name === name)?.groups.filter((group) => group !== 'sudo') ?? [];
      if (change.kind === 'admin') set(name, change.to ? { admin: 'group', groups: [...groups, 'sudo'] } : { admin: null, groups });
    },
    async keys(account): Promise<AuthorizedKeys> {
      if (account.system) return { path: place(account), keys: [], strange: 0, refusal: (t) => t.accounts.keys.noHome({ home: account.home }), shared: false, openTo: [] };
      const found = (keys.get(account.name) ?? []).map((line, i) => ({ line: i + 1, key: parsePublicKey(line)! }));
      return { path: place(account), strange: 0, refusal: null, shared: false, openTo: [], keys: found.map(({ line, key }) => ({ line, type: key.type, bits: key.bits, fingerprint: key.fingerprint, comment: key.comment, options: key.options })) };
    },
    planKeys: async (account, change) => ({ path: place(account), before: keys.has(account.name) ? textOf(account.name) : null, after: after(account.name, change).map((line) => `${line}\n`).join('') }),
    async changeKeys(account, change) {
      const lines = after(account.name, change);
      if (lines.length === (keys.get(account.name) ?? []).length) throw new AppError('not_found', (t) => t.accounts.keys.gone);
      keys.set(account.name, lines);
    },
  };
}
