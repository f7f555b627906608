import type { guardDocs as en } from '../en/guard-docs.ts';

export const guardDocs: typeof en = {
  group: '防暴力破解',
  endpoints: {
    'guard.get': '防暴力破解的设置与监听状态',
    'guard.change': '修改防暴力破解设置与永不封禁名单',
    'guard.bans': '封禁记录，含已结束的',
    'guard.ban': '一条封禁记录及其依据',
    'guard.lift': '解除封禁',
    'guard.jails': 'fail2ban 的 jail（若在运行）',
    'guard.jail_ban': '在 fail2ban 的 jail 中封禁地址',
    'guard.jail_lift': '解除 fail2ban 的 jail 中的封禁',
  },
  fields: {
    guardOn: '是否封禁猜密码的地址',
    guardSources: '监听的来源：sshd、rdp、panel',
    guardFailures: '失败达到此次数即封禁',
    guardMinutes: '统计失败的时间窗口，分钟',
    guardSteps: '依次为第一次、第二次……封禁的分钟数，最后一个一直沿用',
    neverBlocked: '任何人、任何功能都不会封禁的地址与网段',
    guardState: 'off、watching、other（由 fail2ban 负责）、notRoot、noService（这里没有其日志）或 lost（日志中断，稍后重试）',
    guardSeenFailures: '面板启动以来的失败次数',
    guardSpared: '最近失败过多但未封禁的地址及原因',
    guardAddress: 'IPv4 地址，或 IPv6 地址所在的 /64',
    guardTimes: '90 天内该地址的第几次封禁；被人解除的不计',
    guardSeen: '看到的记录，最多 20 行；无权查看日志者看不到',
    guardActive: '目前是否仍在封禁',
    guardFind: '地址（查找其所属的封禁），或地址的一部分',
    guardOnlyActive: 'true：只列出封禁中的',
    guardJails: 'null：未安装 fail2ban 或未运行',
  },
};
