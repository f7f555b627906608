import type { scheduledTaskDocs as english } from '../en/scheduled-task-docs.ts';

export const scheduledTaskDocs: typeof english = {
  group: '计划任务（Windows）',
  endpoints: { 'scheduled_tasks.list': '任务计划程序中的任务，失败的在前', 'scheduled_tasks.change': '运行、停止、启用或停用任务' },
  fields: {
    scheduledTaskPath: '含文件夹：\\文件夹\\名称',
    scheduledTaskElevated: '使用账户的最高权限',
    scheduledTaskActions: '启动的命令，不含机密',
    scheduledTaskResult: '上次运行的 HRESULT；null 表示从未运行',
    scheduledTaskFilter: '路径、说明、账户或命令中包含的文本；此时也查找 Windows 自带的任务',
    scheduledTaskSystem: 'on：包括 Windows 自带的任务',
  },
};
