import type { Messages } from '../en.ts';

export const notices: Messages['notices'] = {
  certificateEnds: (p) => (p.n === 0 ? '面板证书将在一天内到期，之后浏览器会拒绝访问' : `面板证书将在 ${p.days} 天后到期，之后浏览器会拒绝访问`),
  certificateEnded: (p) => `面板证书已于 ${p.date} 到期，浏览器会拒绝访问`,
  diskFull: (p) => `${p.path} 已用 ${p.percent}，剩余 ${p.free}`,
  diskSoonTail: (p) => (p.n === 0 ? '，一天内写满' : `，约 ${p.days} 天后写满`),
  diskSoon: (p) => (p.n === 0 ? `按目前的增长速度，${p.path} 一天内写满` : `按目前的增长速度，${p.path} 约 ${p.days} 天后写满`),
  inodesFull: (p) => `${p.path} 的 inode 已用 ${p.percent}，用尽后即使有空间也无法新建文件`,
  reboot: (p) => `需要重启：${p.names}`,
  more: (p) => `另外 ${p.n} 项`,
  update: (p) => `馒头 ${p.version} 已发布，当前版本 ${p.now}`,
  release: '查看更新内容',
  missing: (p) => `这台机器没有 ${p.names}，部分数据无法显示`,
};
