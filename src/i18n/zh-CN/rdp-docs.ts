import type { rdpDocs as english } from '../en/rdp-docs.ts';

export const rdpDocs: typeof english = {
  group: '远程桌面（Windows）',
  endpoints: {
    'rdp.get': '远程桌面的设置，以及登录的会话',
    'rdp.plan': '更改时将执行的命令',
    'rdp.change': '作为一个整体更改；若不保留会自动恢复',
  },
  fields: {
    rdpNla: '网络级别身份验证',
    rdpPolicy: '由组策略决定的内容；null 表示没有',
    rdpService: 'ServiceControllerStatus：4 为运行，1 为停止；null 表示未知',
    rdpSessions: 'null 表示无法获取',
    rdpArmed: '待保留变更的编号；null 表示本来就是这样',
  },
};
