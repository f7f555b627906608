import type { Messages } from '../en.ts';

export const account: Messages['account'] = {
  labelEmpty: '需要一个名称，以便日后辨认。',
  labelLong: '名称最多 64 个字符。',
  labelRule: '名称须为一行可见字符。',
  tokenRole: '令牌的权限不能超过你自己的角色。',
  tokensFull: (p) => `已有 ${p.n} 个令牌，先移除不再使用的。`,
  tokenMissing: '没有这个令牌。',
  sessionMissing: '没有这个会话。',
};
