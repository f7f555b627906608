import { existsSync, readFileSync } from 'node:fs';
import { parseSockets } from '../../src/platform/linux/processes/sockets.ts';
import { MACHINE_NETWORK } from '../run/network.ts';

/** Above what tests ask for by number (28931 and on) are the ports that the system gives to connections: from 32768. */
const [FIRST, COUNT] = [20_000, 8900];
let at = Math.floor(Math.random() * COUNT);

/**
 * A port on which nothing listens here, for a program that has to be told one. One that the system gives (port 0) might be given
 * to a connection before the program has it.
 */
export function freePort(): number {
  for (let tried = 0; tried < COUNT; tried++) {
    at = (at + 1) % COUNT;
    if (isTaken(FIRST + at)) continue;
    try {
      Bun.listen({ hostname: '0.0.0.0', port: FIRST + at, exclusive: true, socket: { data() {} } }).stop(true);
      return FIRST + at;
    } catch {
      // Somebody listens there.
    }
  }
  throw new Error('no port is free');
}

/** Browser tests run in a network of their own, and what the engine starts for them listens in the machine's. */
function isTaken(port: number): boolean {
  const network = process.env[MACHINE_NETWORK];
  if (!network) return false;
  const listening = (path: string) => parseSockets(readFileSync(path, 'utf8'), 'tcp', (state) => state === 'LISTEN');
  // Without IPv6 there is but one.
  return ['tcp', 'tcp6'].map((name) => network.replace(/ns\/net$/, `net/${name}`)).some((path) => existsSync(path) && listening(path).some((one) => one.port === port));
}
