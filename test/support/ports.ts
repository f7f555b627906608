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
    try {
      Bun.listen({ hostname: '0.0.0.0', port: FIRST + at, exclusive: true, socket: { data() {} } }).stop(true);
      return FIRST + at;
    } catch {
      // Somebody listens there.
    }
  }
  throw new Error('no port is free');
}
