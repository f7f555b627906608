import { dirname } from 'node:path';
import { programPlaces, programService, readProgram } from '../programs/files.ts';
import { eachLine, openOutput, type OutputLog } from '../programs/output.ts';
import type { Program } from '../../programs.ts';
import { openJobs } from './job.ts';
import { beService, type RunningService } from './service-process.ts';

/** How long a program may take to end after it was asked to. */
const GRACE_MS = 10_000;
/** Windows itself waits five seconds when the machine goes down (WaitToKillServiceTimeout). */
const SHUTDOWN_GRACE_MS = 4000;
const NOTICE = 5;
const INFO = 6;

/**
 * Holds one program as a service of Windows: starts it, writes down what it says, ends it when the service is stopped, and
 * tells Windows how it ended.
 * @returns false when Windows did not start this process as that service
 */
export async function hostProgram(folder: string, name: string): Promise<boolean> {
  return beService(programService(name), async (service) => {
    const log = openOutput(programPlaces(folder, name).log);
    try {
      const program = readProgram(folder, name);
      if (!program) throw new Error('its settings are not to be read');
      return await hold(program, service, log);
    } catch (error) {
      log.line(3, 'mantou', error instanceof Error ? error.message : String(error));
      return 1;
    } finally {
      log.close();
    }
  });
}

async function hold(program: Program, { running, signal }: RunningService, log: OutputLog): Promise<number> {
  const jobs = openJobs();
  jobs.endTogether();
  jobs.console();
  const page = `cp${jobs.codePage()}`;
  const child = Bun.spawn(program.argv, {
    // A service's own is System32.
    cwd: program.folder || dirname(program.argv[0]!),
    env: environmentOf(process.env, program.environment),
    stdin: 'ignore', stdout: 'pipe', stderr: 'pipe',
  });
  try {
    jobs.limit(child.pid, program);
  } catch (error) {
    // One without its limits is not what was asked for.
    child.kill('SIGKILL');
    throw error;
  }
  running();
  const stop = () => {
    jobs.interrupt();
    // Whatever it has started ends with this process.
    setTimeout(() => child.kill('SIGKILL'), signal.reason === 'shutdown' ? SHUTDOWN_GRACE_MS : GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const lines = [child.stdout, child.stderr].map((stream) => eachLine(stream, page, (text) => log.line(INFO, program.name, text)));
  const code = await child.exited;
  // A program that it left behind may hold the pipes.
  await Promise.race([Promise.all(lines), Bun.sleep(500)]);
  if (signal.aborted) return 0;
  log.line(NOTICE, 'mantou', `${program.name} ended with code ${code}`);
  // Windows starts again what says that it failed.
  return code !== 0 ? code : program.restart === 'always' ? 1 : 0;
}

/** Windows takes no notice of large and small letters in names of variables: of two, the program's own counts. */
export function environmentOf(system: Record<string, string | undefined>, own: Program['environment']): Record<string, string> {
  const all = new Map<string, [string, string]>();
  for (const [name, value] of Object.entries(system)) if (value !== undefined) all.set(name.toUpperCase(), [name, value]);
  for (const { name, value } of own) all.set(name.toUpperCase(), [name, value]);
  return Object.fromEntries(all.values());
}
