import type { Say } from '../lib/errors.ts';

/** TASK_STATE of the Task Scheduler (taskschd.h), in its order. */
export const TASK_STATES = ['unknown', 'disabled', 'queued', 'ready', 'running'] as const;

/** TASK_TRIGGER_TYPE2, by its numbers. */
export const TRIGGER_KINDS = ['event', 'time', 'daily', 'weekly', 'monthly', 'monthly-dow', 'idle', 'registration', 'boot', 'logon', 'session', 'custom', 'other'] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** A task of Windows' Task Scheduler. */
export interface ScheduledTask {
  /** With its folder, which names it for good: `\Microsoft\Windows\Defrag\ScheduledDefrag`. */
  path: string;
  name: string;
  state: (typeof TASK_STATES)[number];
  enabled: boolean;
  hidden: boolean;
  author: string;
  description: string;
  /** The account that it runs as. */
  account: string;
  /** With the highest rights that the account has. */
  elevated: boolean;
  /** What it starts, as words; of what is no program, the id of the class. */
  actions: string[];
  triggers: TriggerKind[];
  /** ms since 1970; null: never. */
  lastRun: number | null;
  nextRun: number | null;
  /** HRESULT of the last run, 0 when it went well; null: it never ran. */
  lastResult: number | null;
  missed: number;
}

export const TASK_CHANGES = ['run', 'stop', 'enable', 'disable'] as const;
export type ScheduledTaskChange = (typeof TASK_CHANGES)[number];

export interface ScheduledTasksDriver {
  /** Why there are none here, or null. */
  refusal(): Say | null;
  list(): Promise<ScheduledTask[]>;
  /** @throws AppError not_found, denied, unavailable */
  change(path: string, change: ScheduledTaskChange): Promise<void>;
  /** What will run, shown before it runs. */
  command(path: string, change: ScheduledTaskChange): string;
}
