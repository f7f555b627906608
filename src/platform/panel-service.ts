import type { Say } from '../lib/errors.ts';
import type { Exec } from './exec.ts';
import { createSystemdPanelService } from './service.ts';
import { createWindowsPanelService } from './windows/panel-service.ts';

/** The panel itself as a service of the system. */
export interface PanelService {
  /** "mantou.service", on Windows "Mantou". */
  readonly name: string;
  /** Where the executable is put, which nobody but the administrator may write to (S20). */
  readonly executable: string;
  /** Null where there are services; else why not. */
  refusal(): Say | null;
  /** Null where this account may change them; else why not. */
  changeRefusal(): Say | null;
  state(): Promise<PanelServiceState>;
  /** That of the installed service; null: there is none. */
  dataDir(): Promise<string | null>;
  /** Puts the running executable to its place, whole or not at all. @returns false when it already runs from there */
  place(running: string): Promise<boolean>;
  /**
   * Writes it and starts it, also with the machine.
   * @param args words of `mantou serve`
   * @returns what did not work out, though it runs; null: all did
   * @throws AppError with what the system said
   */
  start(args: readonly string[], settings: { dataDir: string; port: number }): Promise<Say | null>;
  /** Stops and removes it; the data and the executable stay. */
  remove(): Promise<void>;
  /** What it said last, where the system keeps that. */
  lastLines(dataDir: string): Promise<string>;
}

export interface PanelServiceState {
  installed: boolean;
  /** "active", "inactive", "failed", "activating" … (systemctl(1)) */
  active: string;
  /** "enabled": starts with the machine. */
  enabled: string;
}

export const findPanelService = (exec: Exec): PanelService => (process.platform === 'win32' ? createWindowsPanelService(exec) : createSystemdPanelService(exec));
