import type { Clock } from '../../lib/clock.ts';
import type { SignInsDriver, SignInTry } from '../sign-ins.ts';

export interface FakeSignIns extends SignInsDriver {
  /** Somebody tries to sign in by SSH. */
  attempt(address: string, good?: boolean): void;
}

/** A machine of the internet is knocked at all day. */
const STRANGERS = ['198.51.100.23', '198.51.100.77', '192.0.2.14', '2001:db8:bad:1::9', '198.51.100.140'];
const NAMES = ['root', 'admin', 'ubuntu', 'git', 'postgres', 'test'];
const EVERY_MS = 7000;

export function createFakeSignIns(clock: Clock): FakeSignIns {
  const listeners = new Set<(one: SignInTry) => void>();
  const tell = (address: string, good: boolean, user: string) => {
    const text = `${good ? 'Accepted publickey' : 'Failed password'} for ${user} from ${address} port ${40_000 + (clock.now() % 20_000)} ssh2`;
    for (const listener of [...listeners]) listener({ service: 'sshd', address, good, at: clock.now(), text });
  };
  return {
    attempt: (address, good = false) => tell(address, good, 'root'),
    sources: [{
      service: 'sshd',
      refusal: async () => null,
      lately: async () => ['203.0.113.99'],
      follow(onTry) {
        listeners.add(onTry);
        let n = 0;
        const timer = setInterval(() => tell(STRANGERS[Math.floor(n / 8) % STRANGERS.length]!, false, NAMES[n++ % NAMES.length]!), EVERY_MS);
        return () => {
          listeners.delete(onTry);
          clearInterval(timer);
        };
      },
    }],
  };
}
