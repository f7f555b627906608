/** The API of scheduled tasks: what the reference says about it. */
export const scheduledTaskDocs = {
  group: 'Scheduled tasks (Windows)',
  endpoints: { 'scheduled_tasks.list': 'Tasks of the Task Scheduler, those that failed first', 'scheduled_tasks.change': 'Run, stop, turn on or turn off a task' },
  fields: {
    scheduledTaskPath: 'With its folder: \\Folder\\Name',
    scheduledTaskElevated: 'With the highest rights of its account',
    scheduledTaskActions: 'What it starts, without what is told in secret',
    scheduledTaskResult: 'HRESULT of the last run; null: it never ran',
    scheduledTaskFilter: 'Text that the path, description, account or command contains; then those of Windows are looked at as well',
    scheduledTaskSystem: 'on: also those of Windows itself',
  },
};
