/** What a terminal may run on this machine, and how it is started. */
export interface ShellsDriver {
  /** The first is what a terminal runs when nothing else is asked for; empty: this machine gives none. */
  choices(): Promise<ShellChoice[]>;
  /**
   * @param choice `id` of one of `choices()`
   * @param folder where it begins; null: the account's home
   * @throws AppError invalid (no such choice), not_found (folder), unavailable (shell missing)
   */
  launch(choice: string, folder: string | null): Promise<Launch>;
  /** The folder where a shell that was launched is now, or the program that it waits for; null where the system does not tell. */
  folderOf(pid: number): Promise<string | null>;
}

export interface ShellChoice {
  /** Linux: name of an account. Windows: "pwsh", "powershell", "cmd". */
  id: string;
  /** "/bin/bash", "PowerShell 7". */
  program: string;
  /** The account that the panel runs as. */
  own: boolean;
}

export interface Launch {
  argv: readonly [string, ...string[]];
  argv0?: string | undefined;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The first title: `root@hk-01`. */
  title: string;
}
