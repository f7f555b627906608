import type { Messages } from '../en.ts';

export const signIn: Messages['signIn'] = {
  busy: '同时登录的人太多，几秒后再试。',
};
