import type { systemActions as en } from '../en/audit-system.ts';

/** What is recorded of changes of the machine itself, its accounts and its packages. */
export const systemActions: typeof en = {
  'accounts.create': '添加系统账户',
  'accounts.remove': '删除系统账户',
  'accounts.lock': '锁定系统账户',
  'accounts.unlock': '解锁系统账户',
  'accounts.password': '设置系统账户的密码',
  'accounts.grant': '允许系统账户成为 root',
  'accounts.revoke': '收回系统账户的 root 权限',
  'accounts.add_key': '添加 SSH 密钥',
  'accounts.remove_key': '移除 SSH 密钥',
  'packages.refresh': '检查更新',
  'packages.upgrade': '安装更新',
  'packages.repair': '继续完成安装',
  'packages.hold': '锁定或解除锁定软件包版本',
  'packages.automatic': '开启或关闭自动更新',
  'system.hostname': '更改机器名称',
  'system.time_zone': '更改机器的时区',
  'system.clock_sync': '开启或关闭网络时钟同步',
  'system.locale': '更改机器的语言',
  'system.dns': '更改机器的 DNS',
  'system.swap_add': '添加交换文件',
  'system.swap_remove': '移除交换空间',
  'system.swappiness': '设置 swappiness',
  'power.schedule': '安排重启或关机',
  'power.cancel': '取消已安排的重启或关机',
};
