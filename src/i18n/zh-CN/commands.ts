import type { Messages } from '../en.ts';

export const commands: Messages['commands'] = {
  userAdded: (p) => `${p.name} 现在可以登录（${p.role}）。`,
  passwordSet: (p) => `${p.name} 的密码已更换，其会话已结束。`,
  secondFactorReset: (p) => `${p.name} 在重新设置两步验证之前只凭密码登录，其会话已结束。`,
  programAlone: '此命令由 Windows 启动，是保持运行的程序对应的服务',
  noUser: (p) => `没有用户 ${p.name}。${p.names ? `现有：${p.names}。` : ''}`,
};
