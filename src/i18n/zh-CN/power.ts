import type { Messages } from '../en.ts';

export const power: Messages['power'] = {
  refusals: {
    notRoot: () => '面板不是以 root 运行，不能重启或关闭这台机器。',
    container: (p) => `面板运行在没有 init 的容器${p.container ? `（${p.container}）` : ''}里，从外部停止该容器即可。`,
    noInit: (p) => `这台机器的 1 号进程是 ${p.init}，它不支持重启和关机。`,
    noTool: () => '这台机器没有可用的重启或关机工具。',
    demo: () => '当前是演示，面板不会重启。',
  },
  confirm: (p) => `输入服务器名称 ${p.name} 以确认。`,
  unknown: '没有这个操作。',
};
