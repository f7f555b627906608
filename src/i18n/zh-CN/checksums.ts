import type { Messages } from '../en.ts';

export const checksums: Messages['checksums'] = {
  action: '计算校验和…',
  of: ({ name }) => `“${name}”的校验和`,
  reading: '正在读取文件…',
  progress: ({ done, total }) => `${done} / ${total}`,
  compare: '比对',
  compareHint: '粘贴 SHA-256、SHA-1 或 MD5 值。',
  matches: ({ algorithm }) => `一致：${algorithm}。`,
  differs: '与该文件的任何校验和都不一致。',
  changed: '读取过程中文件发生了变化，请重试。',
  busy: '正在计算的校验和过多，请稍后再试。',
  noScript: '显示进度需要 JavaScript；也可通过 API 计算校验和。',
  size: '大小',
};
