import type { Arrival } from './filter/walk.ts';
import type { Verdict } from './filter/verdict.ts';
import type { RiskId } from './risks.ts';

/** Where it can be asked at all, as far as its address says: `inside`: by containers and virtual machines of this one. */
export const SCOPES = ['everywhere', 'address', 'inside', 'machine'] as const;
export type Scope = (typeof SCOPES)[number];

/** From the worst: known to go wrong and open to everybody; risky, and open to some or guarded; open to everybody … */
export const LEVELS = ['danger', 'warn', 'unknown', 'open', 'meant', 'some', 'closed', 'machine'] as const;
export type Level = (typeof LEVELS)[number];

/** Who reaches it by one family of addresses. */
export interface ReachLine extends Verdict {
  family: 4 | 6;
  /** Interfaces for which this holds; empty: all. */
  interfaces: string[];
  /** Only whoever is on the same cable, by an address that is good there alone (fe80::/10). */
  neighbours: boolean;
  /** The port that is asked for, where that is another one which rules lead here. */
  door: number | null;
}

export interface ExposedProcess {
  pid: number;
  name: string;
  user: string;
  startedAt: number;
}

export interface ExposedContainer {
  id: string;
  name: string;
  image: string;
  stack: string | null;
  /** Of the stack. */
  service: string | null;
  /** Inside of it; null: it is in the network of the machine. */
  port: number | null;
}

export interface ExposedPort {
  /** "tcp-0.0.0.0-6379" */
  id: string;
  protocol: 'tcp' | 'udp';
  port: number;
  /** Where it listens: "0.0.0.0", "::". */
  addresses: string[];
  /** By which it is asked: "::" is both, unless it was told to be one. */
  families: (4 | 6)[];
  device: string | null;
  /** `kernel`: no program holds it, or none that the panel may look at. `forwarded`: rules send it to another machine. */
  how: 'program' | 'published' | 'kernel' | 'forwarded';
  process: ExposedProcess | null;
  service: string | null;
  container: ExposedContainer | null;
  /** Where it is forwarded to. */
  to: Pick<Arrival, 'to' | 'port'> | null;
  scope: Scope;
  /** The worst of its lines. */
  verdict: Verdict['verdict'];
  risk: RiskId | null;
  level: Level;
  reach: ReachLine[];
}
