import type { Messages } from '../en.ts';

export const downloads: Messages['downloads'] = {
  download: '下载',
  asTar: '打包下载（tar）',
  ended: '下载已中止。',
  leftTitle: '以下内容未能放入压缩包：',
  leftMore: ({ n }) => `另有 ${n} 项`,
  leftOwn: '面板自身的目录不打包',
  leftMadeUp: '内核虚拟文件系统不打包',
  leftChanged: '读取过程中发生变化，包内内容不完整',
};
