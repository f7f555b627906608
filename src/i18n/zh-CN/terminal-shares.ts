import type { Messages } from '../en.ts';

/** 让没有账户的人旁观终端的链接。 */
export const terminalShares: Messages['terminalShares'] = {
  title: (p) => `分享终端 ${p.name}`,
  back: '返回终端',
  share: '分享…',
  make: '旁观链接',
  makeNote: '拿到链接的人无需账户即可看到屏幕，但不能输入。',
  hours: '有效期',
  choices: { '1': '1 小时', '4': '4 小时', '24': '1 天', '168': '1 周' },
  create: '创建链接',
  link: '链接',
  ends: '到期',
  made: '创建者',
  links: '链接',
  none: '没有指向这里的链接。',
  revoke: '撤销',
  inPanel: '面板内',
  save: '保存',
  tooMany: (p) => `已有 ${p.n} 个链接指向这个终端，先撤销一个。`,
  notFound: '没有这个链接。',
  gone: '链接已失效：到期、被撤销，或终端已结束。',
  goneTitle: '这里没有内容',
  sharedBy: (p) => `由 ${p.name} 分享`,
  full: '通过这个链接旁观的人已经太多。',
};
