import type { Messages } from '../en.ts';

export const fetches: Messages['fetches'] = {
  action: '远程下载…',
  title: '从 URL 下载',
  lead: ({ folder }) => `由服务器下载到 ${folder}。`,
  url: 'URL 地址',
  urlHint: '支持 http 和 https',
  urlRule: '请输入以 http:// 或 https:// 开头的地址',
  name: '文件名',
  nameHint: '留空则使用对方服务器给出的名称。',
  conflict: '存在同名文件时',
  conflicts: { ask: '停止下载', replace: '覆盖', 'keep-both': '两个都保留', skip: '保留原文件' },
  start: '下载',
  started: ({ url }) => `正在下载 ${url}`,
  redirects: '服务器反复重定向。',
  refusedAddress: ({ host, address }) => `${host} 的地址是 ${address}，属于本机或内网。管理员可以在设置中允许访问。`,
  noAddress: ({ host }) => `无法解析域名 ${host}。`,
  status: ({ status }) => `服务器返回 ${status}。`,
  tooBig: ({ size, most }) => `文件大小为 ${size}，最多允许下载 ${most}。`,
  noRoom: ({ size, free }) => `文件大小为 ${size}，磁盘仅剩 ${free}。`,
  broken: '连接中断，且服务器不支持断点续传。',
  unreachable: ({ host, reason }) => `无法连接 ${host}：${reason}`,
};
