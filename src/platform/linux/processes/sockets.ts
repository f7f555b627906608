import type { Socket } from '../../processes.ts';
import { readSome } from '../source.ts';

/** include/net/tcp_states.h, as ss(8) names them. */
const STATES = ['', 'ESTAB', 'SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'UNCONN', 'CLOSE-WAIT', 'LAST-ACK', 'LISTEN', 'CLOSING', 'NEW-SYN-RECV'];

export interface KernelSocket extends Socket {
  inode: number;
}

/**
 * /proc/net/tcp and its like (kernel, Documentation/networking/proc_net_tcp.rst): addresses are 32-bit words in the machine's
 * order, which is little-endian everywhere the panel runs; of TCP 0A listens, of UDP 07 waits for anybody.
 *
 *       sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *        0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   107        0 21417 1 …
 */
export function parseSockets(text: string, protocol: Socket['protocol'], wanted: (state: string, inode: number) => boolean): KernelSocket[] {
  const found: KernelSocket[] = [];
  for (let start = text.indexOf('\n') + 1; start > 0 && start < text.length; ) {
    const end = text.indexOf('\n', start);
    const words = text.slice(start, end < 0 ? undefined : end).split(' ').filter(Boolean);
    const state = STATES[Number.parseInt(words[3] ?? '', 16)] ?? '';
    const inode = Number(words[9]);
    if (words.length > 9 && wanted(state, inode)) {
      const [local, remote] = [place(words[1]!), place(words[2]!)];
      found.push({ protocol, ...local, remote: remote.port === 0 ? null : remote, state, inode });
    }
    if (end < 0) break;
    start = end + 1;
  }
  return found;
}

function place(text: string): { address: string; port: number } {
  const [hex = '', port = ''] = text.split(':');
  const bytes = Buffer.from(hex, 'hex');
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  return { address: bytes.length === 4 ? bytes.join('.') : ipv6(bytes), port: Number.parseInt(port, 16) };
}

/** RFC 5952; an IPv4 address inside is written as such. */
function ipv6(bytes: Buffer): string {
  if (bytes.length !== 16) return '';
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff) return bytes.subarray(12).join('.');
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

/** More than anybody looks at; a machine with a hundred thousand connections has such files. */
const MOST_BYTES = 16 << 20;

/** Sockets of the internet in the network that a process is in, its own as a rule. @param of "self", "1", a pid */
export function readSockets(of: string, wanted: (state: string, inode: number) => boolean): KernelSocket[] {
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((name) => {
    // null: a kernel without IPv6.
    const text = readSome(`/proc/${of}/net/${name}`, MOST_BYTES)?.toString('latin1') ?? '';
    return parseSockets(text, name.startsWith('tcp') ? 'tcp' : 'udp', wanted);
  });
}
