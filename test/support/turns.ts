const TURN_MS = 20;
let turns = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * ms in which this process had its turns. What must come soon, and is waited for rather than worked for, is measured by it: a turn for
 * which a busy machine kept it waiting counts as any other. Where it works all the time it is cpuMs that tells how long.
 */
export function turnedMs(): number {
  timer ??= setInterval(() => turns++, TURN_MS).unref();
  return turns * TURN_MS;
}
