import type { Messages } from '../en.ts';

export const tasks: Messages['tasks'] = {
  title: '任务',
  alreadyRunning: '相同的任务正在运行。',
  notRunning: '这个任务已不在运行。',
  notFound: '没有这个编号的任务。',
  kinds: {},
  steps: {},
};
