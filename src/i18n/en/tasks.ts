/** Runs that the panel started. `kinds` and `steps` name what rows hold. */
export const tasks = {
  title: 'Tasks',
  alreadyRunning: 'The same task is already running.',
  notRunning: 'This task is not running any more.',
  notFound: 'There is no task with this id.',
  kinds: {} as Record<string, (p: Record<string, string | number>) => string>,
  steps: {} as Record<string, string>,
};
