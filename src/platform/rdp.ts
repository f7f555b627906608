import type { RevertStep } from './armed/plan.ts';
import type { Say } from '../lib/errors.ts';

/** What can be chosen. */
export interface RdpSettings {
  on: boolean;
  port: number;
  /** Network Level Authentication: who connects signs in before there is a desktop. */
  nla: boolean;
}

export interface RdpState extends RdpSettings {
  /** A policy of the domain or of this machine decides on these, whatever is chosen here. */
  policy: { on: boolean | null; nla: boolean | null };
  /** ServiceControllerStatus: 4 runs, 1 is stopped; null: not known. */
  service: number | null;
}

/** WTS_CONNECTSTATE_CLASS, in its order. */
export const RDP_SESSION_STATES = ['active', 'connected', 'query', 'shadow', 'disconnected', 'idle', 'listen', 'reset', 'down', 'init'] as const;

export interface RdpSession {
  id: number;
  /** "RDP-Tcp#3", "Console". */
  name: string;
  user: string;
  domain: string;
  /** Name of the computer in front of it. */
  client: string;
  state: (typeof RDP_SESSION_STATES)[number];
}

/** From one to the other: programs with their words, and what takes it back. */
export interface RdpPlan {
  apply: [string, ...string[]][];
  revert: RevertStep[];
}

/** Remote Desktop of Windows. */
export interface RdpDriver {
  /** Why there is none here, or null. */
  refusal(): Say | null;
  read(): Promise<RdpState>;
  /** null: cannot be told here. */
  sessions(): Promise<RdpSession[] | null>;
  plan(from: RdpSettings, to: RdpSettings): RdpPlan;
  /** Runs what `plan` says. @throws AppError unavailable with what the tool said */
  apply(from: RdpSettings, to: RdpSettings): Promise<void>;
}
