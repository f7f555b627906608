import { AppError } from '../../../lib/errors.ts';
import { type Exec, type ExecOptions, type ExecResult } from '../../exec.ts';

/** Asking is quick, or systemd hangs. */
const ASK_MS = 10_000;
/** Starting and stopping: a service has 90 s of systemd's own for each (DefaultTimeoutStartSec=). */
const CHANGE_MS = 200_000;
const CAP = 8 << 20;

export interface Systemctl {
  /** What a question answers. Times come in UTC. @throws AppError unavailable */
  ask(args: readonly string[]): Promise<string>;
  /** @throws AppError denied, unavailable with what systemctl said */
  tell(args: readonly string[], options?: ExecOptions): Promise<void>;
}

export function createSystemctl(exec: Exec, askMs = ASK_MS): Systemctl {
  const tool = () => {
    const path = exec.which('systemctl');
    if (!path) throw new AppError('unsupported', (t) => t.services.away['no-tool'].title);
    return path;
  };
  return {
    async ask(args) {
      const argv = [tool(), ...args] as [string, ...string[]];
      const result = await exec.run(argv, { timeout: askMs, cap: CAP, env: { TZ: 'UTC' } });
      if (result.ended) throw hangs();
      if (result.code !== 0) throw failed(result);
      return result.stdout;
    },
    async tell(args, options = {}) {
      const result = await exec.run([tool(), '--no-ask-password', ...args], { timeout: CHANGE_MS, ...options });
      if (result.ended) throw hangs();
      if (result.code === 0) return;
      if (isDenied(result.stderr)) throw new AppError('denied', (t) => t.services.mayNot, { detail: result.stderr.trim() });
      throw failed(result);
    },
  };
}

const hangs = () => new AppError('unavailable', (t) => t.services.hangs);

/** What polkit and systemd say to whoever is not root; in English, as exec sets LC_ALL. */
const isDenied = (stderr: string) => /interactive authentication required|access denied|permission denied|operation not permitted|authentication is required/i.test(stderr);

function failed({ code, stdout, stderr }: ExecResult): AppError {
  return new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'systemctl', code }), { detail: (stderr || stdout).trim().split('\n').slice(-8).join('\n') });
}

