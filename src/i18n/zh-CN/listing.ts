import type { Messages } from '../en.ts';

export const listing: Messages['listing'] = {
  expired: '列表打开太久，已经失效，请重新选择。',
  folderGone: '此文件夹已不存在。',
  badCursor: '此游标对应的列表已无法继续，请去掉游标重新开始。',
  sizes: {
    one: (p) => `${p.name} 的大小`,
    many: (p) => `${p.count} 项的大小`,
    action: '计算大小…',
    counting: '正在统计…',
    none: '请先选择。',
    noScript: '统计大小需要 JavaScript。',
    bytes: (p) => `${p.short}（${p.exact} 字节）`,
    disk: (p) => `占用磁盘 ${p.size}`,
    files: (p) => `${p.count} 个文件`,
    folders: (p) => `${p.count} 个文件夹`,
    unread: (p) => `${p.count} 项无法读取`,
    elsewhere: (p) => `其他文件系统上的 ${p.count} 项未计入`,
  },
};
