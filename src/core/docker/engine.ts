import { z } from 'zod';
import { DockerError, type DockerDriver } from '../../platform/docker.ts';
import type { DockerApp } from './ask.ts';

/** Of 2019: what asks for less is older than anything that is still mended. */
export const OLDEST_API = '1.40';

export interface EngineFacts {
  /** "27.3.1". */
  version: string;
  api: string;
  cpus: number;
  /** Bytes of the machine that it runs on. */
  memory: number;
}

export type EngineState =
  | { up: true; endpoint: string; facts: EngineFacts }
  | { up: false; endpoint: string; why: Exclude<DockerError['status'], number> | 'old'; detail: string };

/** They come to stand in pages and in the audit log. */
const Version = z.object({ Version: z.string().max(200), ApiVersion: z.string().max(200) });
const Info = z.object({ NCPU: z.number(), MemTotal: z.number() });

/** A page waits so long for an engine that says nothing. */
const ANSWER_MS = 4000;

const machines = new WeakMap<DockerDriver, { key: string; cpus: number; memory: number }>();

/** Is there an engine, and which? Never throws for one that is away: pages say so. */
export async function readEngine(app: DockerApp, timeout = ANSWER_MS): Promise<EngineState> {
  const { docker } = app.host;
  const endpoint = docker.endpoint();
  try {
    const { Version: name, ApiVersion: api } = Version.parse(await docker.ask({ path: '/version', timeout }));
    if (older(api, OLDEST_API)) return { up: false, endpoint, why: 'old', detail: `${name}, API ${api}` };
    const key = `${endpoint} ${name}`;
    let machine = machines.get(docker);
    if (machine?.key !== key) {
      // It counts everything that it has for this answer, and the machine behind it stays the same.
      const { NCPU, MemTotal } = Info.parse(await docker.ask({ path: '/info', timeout }));
      machines.set(docker, (machine = { key, cpus: NCPU, memory: MemTotal }));
    }
    return { up: true, endpoint, facts: { version: name, api, cpus: machine.cpus, memory: machine.memory } };
  } catch (error) {
    const known = error instanceof DockerError && typeof error.status !== 'number' ? error.status : 'broken';
    return { up: false, endpoint, why: known, detail: (error as Error).message };
  }
}

/** "1.9" is older than "1.40". */
export function older(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => text.split('.').map(Number));
  return x![0]! !== y![0]! ? x![0]! < y![0]! : (x![1] ?? 0) < (y![1] ?? 0);
}
