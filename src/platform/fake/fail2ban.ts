import type { Clock } from '../../lib/clock.ts';
import type { Fail2banDriver, Jail } from '../fail2ban.ts';

export interface FakeFail2ban extends Fail2banDriver {
  /** null: it is not installed. */
  kept: Jail[] | null;
}

/** It looks after mail on the made-up machine; sshd is left to the panel's guard. */
export function createFakeFail2ban(clock: Clock): FakeFail2ban {
  return {
    kept: [{ name: 'postfix-sasl', failed: 2, failedTotal: 318, bannedTotal: 41, banned: [{ address: '198.51.100.200', until: clock.now() + 1_380_000 }, { address: '2001:db8:bad:7::1', until: null }] }],
    async active() {
      return this.kept?.map(({ name }) => name) ?? null;
    },
    async jails() {
      return this.kept;
    },
    async ban(jail, address) {
      this.kept?.find(({ name }) => name === jail)?.banned.push({ address, until: clock.now() + 600_000 });
    },
    async unban(jail, address) {
      const found = this.kept?.find(({ name }) => name === jail);
      if (found) found.banned = found.banned.filter((ban) => ban.address !== address);
    },
    command: (verb, name, address) => `fail2ban-client set ${name} ${verb}ip ${address}`,
  };
}
