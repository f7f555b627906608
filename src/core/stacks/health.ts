import { z } from 'zod';

/** GET /containers/{id}/json, of each what tells whether it came up. */
export const Inspected = z.object({
  Name: z.string(),
  RestartCount: z.number().catch(0),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    Error: z.string().catch(''),
    Health: z.object({ Status: z.string(), Log: z.array(z.object({ ExitCode: z.number(), Output: z.string() })).nullish() }).nullish(),
  }),
  HostConfig: z.object({ RestartPolicy: z.object({ Name: z.string() }).nullish() }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});
export type Inspected = z.output<typeof Inspected>;

export type Verdict =
  | { is: 'good' }
  /** Names of services that are still to come up. */
  | { is: 'waiting'; services: string[] }
  | { is: 'bad'; service: string; why: string };

/** A container without a check of its health is taken as good when it has run for so long. */
export const SETTLE_MS = 5000;
/** One that waits for another may end and be started again a few times; more is no waiting. */
const RESTARTS_MOST = 4;

/** What was seen of each container before: how often it was started again, and since when it runs like this. */
export type Seen = Map<string, { first: number; restarts: number; since: number }>;

/**
 * Did all services come up? Asked once a second with what the engine says now.
 * @param services that are to run
 * @param seen kept between the questions
 */
export function judge(containers: readonly Inspected[], services: readonly string[], seen: Seen, now: number): Verdict {
  const waiting: string[] = [];
  for (const service of services) {
    const own = containers.filter(({ Config }) => Config.Labels?.['com.docker.compose.service'] === service);
    if (own.length === 0) waiting.push(service);
    for (const one of own) {
      const verdict = judgeOne(one, seen, now);
      if (verdict === 'waiting') waiting.push(service);
      else if (verdict !== 'good') return { is: 'bad', service, why: verdict };
    }
  }
  return waiting.length ? { is: 'waiting', services: [...new Set(waiting)] } : { is: 'good' };
}

/** @returns 'good', 'waiting', or why it did not come up */
function judgeOne({ Name, State, RestartCount, HostConfig }: Inspected, seen: Seen, now: number): string {
  const before = seen.get(Name);
  const running = State.Status === 'running';
  const since = running && before?.restarts === RestartCount ? before.since : now;
  seen.set(Name, { first: before?.first ?? RestartCount, restarts: RestartCount, since });
  const restarts = HostConfig.RestartPolicy?.Name || 'no';
  if (State.Status === 'exited' || State.Status === 'dead') {
    // A short run that ended well has done its work.
    if (State.ExitCode === 0 && ['no', 'on-failure'].includes(restarts)) return 'good';
    if (restarts === 'no') return `exit ${State.ExitCode}${State.Error ? `: ${State.Error}` : ''}`;
    return 'waiting';
  }
  if (RestartCount - (before?.first ?? RestartCount) >= RESTARTS_MOST) return `ended ${RestartCount} times, exit ${State.ExitCode}`;
  if (State.Health?.Status === 'unhealthy') return `unhealthy: ${State.Health.Log?.at(-1)?.Output.trim().slice(-500) || 'its check fails'}`;
  if (!running) return 'waiting';
  if (State.Health && State.Health.Status !== 'none') return State.Health.Status === 'healthy' ? 'good' : 'waiting';
  return now - since >= SETTLE_MS ? 'good' : 'waiting';
}
