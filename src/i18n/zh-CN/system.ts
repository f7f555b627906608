import type { Messages } from '../en.ts';

export const system: Messages['system'] = {
  title: '系统',
  pages: '系统页面',
  tabs: { overview: '概况', accounts: '系统账户', packages: '软件更新', network: '网络', swap: '交换空间', power: '电源' },
  toReview: '查看将要执行的操作…',
  willRun: '将要执行',
  willNothing: '不会有任何更改。',
  changedMeanwhile: '查看之后机器已有变化。先看看现在会执行什么。',
};
