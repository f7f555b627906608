import { AppError, type Say } from '../../lib/errors.ts';
import type { ScheduledTasksDriver } from '../scheduled-tasks.ts';

const refusal: Say = (t) => t.scheduledTasks.onlyWindows;
const refuse = () => Promise.reject(new AppError('unsupported', refusal));

/** Systems without a Task Scheduler: every question is refused. */
export const NO_SCHEDULED_TASKS: ScheduledTasksDriver = { refusal: () => refusal, list: refuse, change: refuse, command: () => '' };
