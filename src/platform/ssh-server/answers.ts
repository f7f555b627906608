import { connect } from 'node:net';

const ANSWER_MS = 2000;

/** Does an SSH server answer at this port? @param addresses none: those of the machine itself */
export async function answersAt(port: number, addresses: readonly string[]): Promise<boolean> {
  const hosts = addresses.length ? addresses : ['127.0.0.1', '::1'];
  const found = await Promise.all(hosts.map((host) => saysSsh(host, port)));
  return found.includes(true);
}

/** A server says who it is before it is asked: `SSH-2.0-OpenSSH_9.2p1` (RFC 4253, 4.2). */
function saysSsh(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-')));
    for (const event of ['error', 'timeout', 'end'] as const) socket.once(event, () => end(false));
  });
}
