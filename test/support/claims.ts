/** What the panel's API says of who reaches a port, as an answer about one packet. */
import { addressValue, holds, rangesOf } from '../../src/lib/address-ranges.ts';
import { CABLE, SENDERS, type Probe } from './outside.ts';

interface Line {
  family: 4 | 6;
  verdict: string;
  networks: string[];
  more: boolean;
  interfaces: string[];
  neighbours: boolean;
  door: number | null;
}
export interface ClaimedPort {
  id: string;
  level: string;
  protocol: string;
  port: number;
  process: { name: string } | null;
  scope: string;
  reach: Line[];
}

/** From everybody out there, by IPv4 and IPv6, TCP and UDP. */
export const probesOf = (ports: readonly number[]): Probe[] => ([4, 6] as const).flatMap((family) => SENDERS[family].flatMap((from) => (['tcp', 'udp'] as const).flatMap((protocol) => ports.map((port): Probe => ({ family, protocol, port, from })))));

/** What the panel says of a packet: 'in', 'out', or null: the panel does not claim to know. */
export function claim(ports: readonly ClaimedPort[], { family, protocol, port, from }: Probe): 'in' | 'out' | null {
  const mine = ports.filter((one) => one.protocol === protocol && one.port === port);
  const lines = mine.flatMap(({ reach }) => reach).filter((line) => line.family === family && !line.neighbours && line.door === null && (line.interfaces.length === 0 || line.interfaces.includes(CABLE)));
  const { value } = addressValue(from)!;
  const [line] = lines;
  if (!line || lines.length > 1) return null;
  const listed = line.networks.some((network) => holds(rangesOf(network)!.ranges, value));
  if (line.verdict === 'closed') return 'out';
  if (line.verdict === 'open') return listed ? 'out' : line.more ? null : 'in';
  return line.verdict === 'some' ? (listed ? 'in' : line.more ? null : 'out') : null;
}
