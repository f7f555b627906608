import { readFileSync } from 'node:fs';
import { isCompiled } from '../config/paths.ts';
import type { Exec } from '../platform/exec.ts';

type Env = Record<string, string | undefined>;

/** Set for the process that takes over: the one before it may still hold the data directory and the port. */
export const SUCCESSOR = 'MANTOU_SUCCESSOR';

/** Names the service of Windows that this process is: nothing of Windows tells. */
export const OWN_SERVICE = 'MANTOU_SERVICE';

/** How this panel is started anew. */
export interface RestartWay {
  /** What happens, shown before it does. */
  command: string;
  /** The service manager stops and starts us; undefined where there is none. @throws when it refuses */
  ask?: () => Promise<void>;
  /** Starts this very program again; called when everything is closed. On POSIX it does not return. */
  replace(): void;
}

/** `port`: the one in use; with `--port 0` the pages that are open would look for the panel in vain at another. */
export function restartWay(env: Env, exec: Exec, port: () => number | undefined): RestartWay {
  const args = ownArguments();
  const replace = () => startAgain(env, samePort(args, port()));
  const service = env[OWN_SERVICE];
  // Windows starts again what ends without being told to.
  if (service) return { command: `Restart-Service ${service}`, replace: () => {} };
  const unit = ownUnit(env);
  const systemctl = exec.which('systemctl');
  if (!unit || !systemctl || process.getuid?.() !== 0) return { command: ['exec', process.execPath, ...args].join(' '), replace };
  return {
    command: `systemctl restart ${unit}`,
    replace,
    async ask() {
      const { code, stderr } = await exec.run([systemctl, '--no-block', 'restart', unit], { timeout: 5000 });
      if (code !== 0) throw new Error(stderr.trim());
    },
  };
}

/** The words after the executable that started this process: without the entry file inside the executable. */
const ownArguments = () => (isCompiled() ? process.argv.slice(2) : [...process.execArgv, ...process.argv.slice(1)]);

/** The last `--port` wins, so the one in use is put behind; the words may be those of plain `mantou`, which means serve. */
function samePort(args: string[], port: number | undefined): string[] {
  const asked = args.lastIndexOf('--port');
  const any = (asked >= 0 && args[asked + 1] === '0') || args.includes('--port=0');
  return any && port ? [...args, '--port', String(port)] : args;
}

/**
 * The systemd unit whose main process this is. systemd.exec(5): `$SYSTEMD_EXEC_PID` is the pid of the process that
 * systemd started (since 248), so a panel started by hand inside another service's session is not taken for a service.
 * /proc/self/cgroup: `0::/system.slice/mantou.service`
 */
function ownUnit(env: Env): string | null {
  if (env.SYSTEMD_EXEC_PID !== String(process.pid)) return null;
  try {
    return /\/([^/\n]+\.service)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

function startAgain(env: Env, args: string[]) {
  const kept = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  if (process.platform !== 'win32') {
    // Same pid for whoever supervises it, same console, same arguments; every socket and file is close-on-exec.
    process.execve!(process.execPath, [process.execPath, ...args], kept);
  }
  const child = Bun.spawn([process.execPath, ...args], {
    env: { ...kept, [SUCCESSOR]: '1' },
    stdio: ['inherit', 'inherit', 'inherit'],
    detached: true,
  });
  child.unref();
}
