import type { Messages } from '../en.ts';

export const setup: Messages['setup'] = {
  needed: '面板尚未初始化，打开控制台打印的地址。',
};
