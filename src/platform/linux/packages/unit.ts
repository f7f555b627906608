import { existsSync } from 'node:fs';
import { pause } from '../../../lib/pause.ts';
import { AppError } from '../../../lib/errors.ts';
import { cleanEnv, type Exec } from '../../exec.ts';
import type { PackageRun } from '../../packages.ts';
import { systemdRun } from '../../systemd.ts';
import type { Step } from '../steps.ts';

/** Of the end of the output, for what is told of a failure. */
const TAIL_MOST = 8192;
const PIECE = 64 << 10;
/** Of pieces that are read before systemd is asked again. */
const PIECES_MOST = 16;
/** A minute at least: systemd answers nothing while it is itself being updated. */
const SILENT_MOST = 150;

/**
 * As apt-daily-upgrade.service has it: a machine that goes down waits for the tool, and what a package started is not ended with it.
 * One that has ended well stays loaded until it is forgotten: that it is gone means that nobody knows how it ended.
 * What it says goes to a file, as a pipe would end with the panel (systemd.exec(5), `file:` since 236).
 */
const properties = (output: string) => ['KillMode=process', 'TimeoutStopSec=900', 'RemainAfterExit=yes', `StandardOutput=file:${output}`, 'StandardError=inherit'];

/** `code` null: nobody knows. */
export interface UnitEnd {
  code: number | null;
  /** What it said last. */
  tail: string;
}

export interface UnitState {
  ended: boolean;
  /** As far as systemd knows; the output tells as well. */
  began: boolean;
  code: number | null;
}

export interface UnitRunner {
  /** Null: systemd does not answer. */
  state(unit: string): Promise<UnitState | null>;
  /** @returns what systemd said against it; it may run all the same */
  start(unit: string, path: string, step: Step, output: string): Promise<string>;
  /**
   * Until it has ended; an abort for any other reason than `stop` ends it with all that it started.
   * @returns null: it was never begun. @throws the reason `stop`; AppError unavailable when systemd does not answer any more
   */
  follow(unit: string, output: string, run: PackageRun): Promise<UnitEnd | null>;
  forget(unit: string): Promise<void>;
}

/** Tools in units of their own, beside the panel's. */
export function createUnitRunner(exec: Exec, lookMs: number): UnitRunner {
  const systemctl = (...words: string[]) => exec.run([exec.which('systemctl')!, ...words], { timeout: 10_000 });

  /**
   * `LoadState=loaded\nActiveState=active\nSubState=exited\nExecMainStatus=0\n`; of one that is not there `LoadState=not-found`.
   * One that was ended by SIGTERM did well to systemd, so its status decides; from 200 on it is systemd's own word for what it could
   * not start (systemd.exec(5)). `Job=812\n`: it waits to be started.
   */
  async function state(unit: string): Promise<UnitState | null> {
    const { stdout } = await systemctl('show', '--property=LoadState,ActiveState,SubState,ExecMainStatus,Job', unit);
    const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
    if (!of('LoadState')) return null;
    if (of('LoadState') === 'not-found') return { ended: true, began: false, code: null };
    const [failed, status] = [of('ActiveState') === 'failed', Number(of('ExecMainStatus'))];
    const ended = failed || of('ActiveState') === 'inactive' || of('SubState') === 'exited';
    return { ended: ended && !Number(of('Job')), began: of('SubState') === 'exited' || (status > 0 && status < 200), code: status || (failed ? 1 : 0) };
  }

  return {
    state,
    async start(unit, path, { argv: [tool, ...rest], env }, output) {
      const asked = systemdRun(exec.which('systemd-run')!, { unit, description: `Mantou: ${tool}`, properties: properties(output), env: cleanEnv(env) }, [path, ...rest]);
      const { code, stderr, ended } = await exec.run(asked, { timeout: 30_000 });
      return code === 0 ? '' : stderr.trim() || (ended ?? `${code}`);
    },
    async follow(unit, output, { signal, onOutput }) {
      const decoder = new TextDecoder();
      let [at, tail, silent] = [0, '', 0];
      for (;;) {
        // Asked before it is read: then nothing comes after what is read last.
        const now = await state(unit);
        let left = PIECES_MOST;
        for (let piece = await pieceOf(output, at); piece.length > 0; piece = await pieceOf(output, at)) {
          at += piece.length;
          const text = decoder.decode(piece, { stream: true });
          tail = (tail + text).slice(-TAIL_MOST);
          onOutput(text);
          if (--left === 0) break;
        }
        // systemd makes the file when it starts the tool.
        if (now?.ended && !now.began && !existsSync(output)) return null;
        if (now?.ended && left > 0) return { code: now.code, tail };
        if (signal.reason === 'stop') throw signal.reason;
        silent = now === null ? silent + 1 : 0;
        if (silent > SILENT_MOST) throw new AppError('unavailable', (t) => t.packages.silent, { detail: lastLines(tail) });
        // Both: one that still waits to be started is not there to be killed.
        if (signal.aborted) for (const words of [['kill', '--signal=KILL'], ['stop', '--no-block']]) await systemctl(...words, unit);
        if (left > 0) await pause(lookMs, signal);
      }
    },
    async forget(unit) {
      for (const words of [['stop', '--no-block'], ['reset-failed']]) await systemctl(...words, unit);
    },
  };
}

/** Both streams of a tool in the order they came: what a package's own script said stands some lines before the tool's last word. */
export const lastLines = (text: string) => text.split('\n').filter((line) => line.trim()).slice(-12).join('\n');

/** What stands there from a place on; nothing while systemd has not made the file. */
async function pieceOf(path: string, at: number): Promise<Uint8Array> {
  return existsSync(path) ? Bun.file(path).slice(at, at + PIECE).bytes() : new Uint8Array();
}
