import type { Messages } from '../en.ts';

export const users: Messages['users'] = {
  nameEmpty: '用户名不能为空。',
  nameLong: '用户名最多 64 个字符。',
  nameRule: '由文字和数字组成，首字符之后还可用 . _ - @，不含空格。',
  nameReserved: '日志用这个名字表示面板自身，换一个。',
  nameTaken: (p) => `用户 ${p.name} 已存在。`,
  passwordShort: '密码至少 10 个字符。',
  passwordLong: '密码最多 256 个字符。',
  passwordCommon: '这个密码太常见，会最先被尝试。用几个不相关的词更好。',
  passwordWrong: '当前密码不对。',
  passwordDiffers: '两次输入的密码不一致。',
  notFound: '没有这个用户。',
  lastAdmin: (p) => `${p.name} 是唯一启用的管理员，先设置另一位。`,
  notSelf: '不能停用或删除自己，可由另一位管理员操作。',
  confirmName: (p) => `按原样输入 ${p.name}。`,
};
