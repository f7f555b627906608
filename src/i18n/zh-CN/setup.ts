import type { Messages } from '../en.ts';

export const setup: Messages['setup'] = {
  needed: '面板尚未初始化，打开控制台打印的地址。',
  already: '面板已经初始化，直接登录即可。',
  badToken: '初始化令牌不对、已用过，或已超过 30 分钟。重启面板可得到新令牌。',
};
