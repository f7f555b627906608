import type { Clock } from '../../lib/clock.ts';
import { SIGN_IN_SERVICES, type SignInsDriver, type SignInService, type SignInTry } from '../sign-ins.ts';

export interface FakeSignIns extends SignInsDriver {
  /** Somebody tries to sign in, by SSH where nothing else is said. */
  attempt(address: string, good?: boolean, service?: SignInService): void;
}

/** A machine of the internet is knocked at all day. */
const STRANGERS = ['198.51.100.23', '198.51.100.77', '192.0.2.14', '2001:db8:bad:1::9', '198.51.100.140'];
const NAMES = ['root', 'admin', 'ubuntu', 'git', 'postgres', 'test'];
const EVERY_MS = 7000;

/** Lines as sshd and the log Security of Windows have them. */
const TEXTS: Record<SignInService, (address: string, good: boolean, user: string, port: number) => string> = {
  sshd: (address, good, user, port) => `${good ? 'Accepted publickey' : 'Failed password'} for ${user} from ${address} port ${port} ssh2`,
  rdp: (address, good, user, port) => `${good ? 4624 : 4625}: TargetUserName=${user} LogonType=3 IpAddress=${address} IpPort=${port}`,
};

export function createFakeSignIns(clock: Clock): FakeSignIns {
  const listeners = new Map<SignInService, Set<(one: SignInTry) => void>>(SIGN_IN_SERVICES.map((service) => [service, new Set()]));
  const tell = (service: SignInService, address: string, good: boolean, user: string) => {
    const text = TEXTS[service](address, good, user, 40_000 + (clock.now() % 20_000));
    for (const listener of [...listeners.get(service)!]) listener({ service, address, good, at: clock.now(), text });
  };
  return {
    attempt: (address, good = false, service = 'sshd') => tell(service, address, good, 'root'),
    sources: SIGN_IN_SERVICES.map((service) => ({
      service,
      refusal: async () => null,
      lately: async () => (service === 'sshd' ? ['203.0.113.99'] : []),
      follow(onTry) {
        const mine = listeners.get(service)!;
        mine.add(onTry);
        let n = 0;
        const timer = setInterval(() => tell(service, STRANGERS[Math.floor(n / 8) % STRANGERS.length]!, false, NAMES[n++ % NAMES.length]!), EVERY_MS);
        return () => {
          mine.delete(onTry);
          clearInterval(timer);
        };
      },
    })),
  };
}
