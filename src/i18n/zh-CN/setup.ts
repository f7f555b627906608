import type { Messages } from '../en.ts';

export const setup: Messages['setup'] = {
  title: '初始化',
  heading: (p) => `初始化 ${p.host}`,
  lead: '先创建管理员，其他的以后再说。',
  token: '初始化令牌',
  tokenHint: '控制台打印的地址中 # 之后的部分。',
  name: '用户名',
  password: '密码',
  passwordHint: '至少 10 个字符，几个不相关的词就很好。',
  again: '再输一次密码',
  submit: '创建管理员',
  needed: '面板尚未初始化，打开控制台打印的地址。',
  already: '面板已经初始化，直接登录即可。',
  tokenEmpty: '缺少初始化令牌，打开控制台打印的地址。',
  badToken: '初始化令牌不对、已用过，或已超过 30 分钟。重启面板可得到新令牌。',
};
