import type { armedDocs as english } from '../en/armed-docs.ts';

/** 待确认更改 API 的说明。 */
export const armedDocs: typeof english = {
  group: '待确认更改',
  endpoints: {
    'armed.list': '未保留就会自动还原的更改，以及已还原的更改',
    'armed.keep': '保留一项更改：须通过更改之后建立的连接调用',
    'armed.revert': '立即还原一项更改',
    'armed.dismiss': '已知悉一项更改被还原',
  },
  fields: {
    armedUntil: '还原的时间',
    armedSteps: '还原的步骤：命令，以及恢复原样的文件',
    armedReverting: '正在还原',
    armedReason: 'time：无人保留；asked：有人要求；reboot、shutdown：机器先关机或重启',
    armedSeconds: '可能把人锁在外面的更改，多少秒后自动还原',
  },
};
