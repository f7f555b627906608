import type { RecoverySettings, ServiceSetup } from './service-setup.ts';
import type { Program, ProgramAccounts, ProgramPlan, ProgramSummary } from './programs.ts';

/** What starts, ends and watches the programs that run in the background; null: nothing that the panel knows. */
export type ServiceSystem = 'systemd' | 'openrc' | 'sysv' | 'windows';

/** Why services are not, or not wholly, to be had. */
export type ServicesAway =
  /** Nothing on this machine starts services: a container that runs one program. */
  | 'none'
  /** There are scripts and their states, and nothing that the panel changes them by. */
  | 'read-only'
  /** systemd runs the machine, and its tool is missing. */
  | 'no-tool'
  /** Windows, and there is no PowerShell to ask by. */
  | 'no-powershell'
  /** The panel knows no way on this system. */
  | 'unsupported';

export interface ServicesAbout {
  system: ServiceSystem | null;
  away: ServicesAway | null;
  /** What can be done with a service here. Empty: they are only shown. */
  verbs: readonly ServiceVerb[];
  /** Overrides of units and timers are to be had. */
  units: boolean;
  /** Kept programs are to be had, for these accounts; null: not here. */
  programs: { accounts: ProgramAccounts } | null;
}

export const SERVICE_STATES = ['failed', 'starting', 'stopping', 'reloading', 'running', 'exited', 'paused', 'stopped', 'unknown'] as const;
/** `exited`: it did what it is for and has ended well; `unknown`: nothing tells. */
export type ServiceState = (typeof SERVICE_STATES)[number];

export const START_TYPES = ['auto', 'delayed', 'manual', 'dependent', 'off', 'unknown'] as const;
/** `auto`: with the machine; `manual`: when somebody asks; `dependent`: when something else needs it; `off`: not at all (masked, disabled on Windows). */
export type StartType = (typeof START_TYPES)[number];

export interface ServiceRow {
  /** The system's own: "nginx.service", "getty@tty1.service", "W32Time". */
  name: string;
  /** For people: "A high performance web server". */
  title: string;
  state: ServiceState;
  /** The same as the system says it: "running", "dead", "auto-restart"; '' where it says nothing else. */
  word: string;
  start: StartType;
  /** "enabled-runtime", "static", "indirect", "delayed-auto" … */
  startWord: string;
  /** Its first process. */
  pid: number | null;
  /** ms since 1970: when that began. */
  startedAt: number | null;
  /** ms since 1970: in this state since. */
  since: number | null;
  /** Bytes of all its processes. */
  memory: number | null;
  /** Many are made of it by name ("getty@.service"): it does not run itself. */
  template: boolean;
}

/** Names of other services, sockets, targets … */
export interface Dependencies {
  requires: string[];
  wants: string[];
  after: string[];
  requiredBy: string[];
  wantedBy: string[];
  triggeredBy: string[];
}

export interface Recovery {
  /** After which end: "always", "on-failure" …; Windows: "first", "second", "later". */
  when: string;
  /** `run`: a command of the service's settings. */
  action: 'restart' | 'run' | 'reboot' | 'none';
  /** ms */
  delay: number | null;
}

export interface ServiceFile {
  path: string;
  kind: 'unit' | 'drop-in';
  /** null: not readable by the account of the panel. */
  text: string | null;
}

export interface ServiceDetail {
  row: ServiceRow;
  /** A longer text, where the system has one. */
  description: string | null;
  documentation: string[];
  dependencies: Dependencies;
  command: string | null;
  /** Who it runs as; null: the system's own account. */
  account: string | null;
  /** How its last run ended: "success", "exit-code", "signal", "timeout" …; null: it has not ended, or nothing tells. */
  last: { result: string; code: number | null; signal: number | null; at: number | null } | null;
  /** How often it was started again by itself. */
  restarts: number | null;
  recovery: Recovery[];
  /** The same as it can be changed; null: not by the panel (systemd has its own settings for it). */
  settings: RecoverySettings | null;
  tasks: number | null;
  /** Its files are newer than what the system knows. */
  stale: boolean;
  /** Files that make it, without their texts. */
  files: Omit<ServiceFile, 'text'>[];
  /** Why it could not be loaded: "Unit has a bad unit file setting." */
  fault: string | null;
  /** What can be done with it now. */
  verbs: ServiceVerb[];
}

/** `reset`: forget that it failed; `manual` is Windows': when somebody asks, where `disable` means not even then. */
export const SERVICE_VERBS = ['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'mask', 'unmask', 'reset', 'manual'] as const;
export type ServiceVerb = (typeof SERVICE_VERBS)[number];

export const SYSTEMD_VERBS = SERVICE_VERBS.filter((verb) => verb !== 'manual');
export const WINDOWS_VERBS = ['start', 'stop', 'restart', 'enable', 'manual', 'disable'] as const satisfies readonly ServiceVerb[];

export interface ServiceLine {
  /** ms since 1970 */
  at: number;
  /** 0 emergency … 7 debug (syslog(3)). */
  priority: number;
  /** Who wrote it: "nginx", "systemd". */
  from: string;
  text: string;
}

/** What is wrong in a text, at its line; null: nothing says where. */
export interface UnitFault {
  line: number | null;
  text: string;
}

export interface Override {
  path: string;
  /** null: there is none. */
  text: string | null;
}

export interface TimerRow {
  name: string;
  title: string;
  active: boolean;
  start: StartType;
  startWord: string;
  /** ms since 1970; null: never so far, or not planned. */
  next: number | null;
  last: number | null;
  /** What it starts. */
  service: string;
  /** "*-*-* 06,18:00:00", "15min after boot" as the system writes them. */
  when: string[];
}

export interface ServicesDriver extends ProgramsDriver {
  about(): Promise<ServicesAbout>;
  /** The service that the panel itself is, or null. */
  own(): string | null;
  /** @throws AppError unavailable: the tool failed or does not answer */
  list(): Promise<ServiceRow[]>;
  /** null: there is none of that name. */
  one(name: string): Promise<ServiceDetail | null>;
  /** The texts of its files. */
  files(name: string): Promise<ServiceFile[]>;
  /**
   * Its last lines, oldest first; null: the account of the panel may not read them, or nobody keeps them.
   * @param latest of one that has ended this moment: also those that are still on their way to whoever keeps them
   */
  log(name: string, lines: number, latest?: boolean): Promise<ServiceLine[] | null>;
  /** What will run, shown before it runs. */
  commands(name: string, verb: ServiceVerb): string[];
  /** @throws AppError denied: the account of the panel may not; unavailable with what the tool said */
  change(name: string, verb: ServiceVerb): Promise<void>;

  /** What will run, shown before it runs; without the secret. */
  setupCommands(name: string, setup: ServiceSetup): string[];
  /** @param secret the password of an account. @throws AppError denied; invalid: an account that the system does not take */
  setUp(name: string, setup: ServiceSetup, secret?: string): Promise<void>;

  /** Where own settings of a service stand beside its file. */
  override(name: string): Promise<Override>;
  /** What the system finds wrong with a text in that place, tried on a copy. */
  checkOverride(name: string, text: string): Promise<UnitFault[]>;
  overrideCommands(name: string, text: string | null): string[];
  /** Writes it, or takes it away, and lets the system read it. */
  writeOverride(name: string, text: string | null): Promise<void>;

  timers(): Promise<TimerRow[]>;
  /** On: it runs from now on and with the machine; off: neither. */
  timerCommands(name: string, on: boolean): string[];
  changeTimer(name: string, on: boolean): Promise<void>;
}

export interface ProgramsDriver {
  /** Own commands that the system keeps running. */
  programs(): Promise<ProgramSummary[]>;
  /** null: there is none. */
  program(name: string): Promise<Program | null>;
  /** The service that a program of this name is. */
  programService(name: string): string;
  /** Is there a service of that name that is no program of ours? */
  programTaken(name: string): Promise<boolean>;
  /** What would be written and run. */
  programPlan(program: Program, exists: boolean): ProgramPlan;
  checkProgram(program: Program): Promise<UnitFault[]>;
  writeProgram(program: Program, exists: boolean): Promise<void>;
  programRemoval(name: string): ProgramPlan;
  removeProgram(name: string): Promise<void>;
}
