import type { Messages } from '../en.ts';

/** 谁能访问容器发布的端口，以及原因。 */
export const containerPorts: Messages['containerPorts'] = {
  everywhere: '任何地方可访问',
  address: (p) => `仅在 ${p.address}`,
  bound: (p) => `监听 ${p.address}`,
  inside: '仅其他容器可访问',
  firewalls: { ufw: 'ufw', firewalld: 'firewalld', iptables: '本机防火墙', nftables: '本机防火墙' },
  docker: {
    open: (p) => (p.firewall ? `${p.firewall} 管不到它：Docker 在询问 ${p.firewall} 之前就转发了此端口。` : '不经过任何防火墙：Docker 自己转发此端口。'),
    some: (p) => `受 ${p.chain} 中的规则限制。Docker 绕过本机防火墙转发此端口。`,
    closed: (p) => `${p.chain} 中的规则不让任何人访问。`,
  },
  input: {
    open: (p) => `由 ${p.firewall} 管理，已放行。`,
    some: (p) => `由 ${p.firewall} 管理，由它决定谁可以访问。`,
    closed: (p) => `由 ${p.firewall} 管理，不让任何人访问。`,
  },
  noFirewall: '没有启用防火墙。',
  unknown: {
    root: '是否受防火墙管理未知：只有 root 能读取规则。',
    remote: '是否受防火墙管理未知：引擎在另一台机器上。',
    desktop: '是否受防火墙管理未知：引擎运行在虚拟机中，由它转发端口。',
    tools: '是否受防火墙管理未知：没有安装能显示本机规则的程序。',
    many: '是否受防火墙管理未知：发布的端口太多，超出一次查看的数量。',
    failed: '是否受防火墙管理未知：无法读取规则。',
  },
  rules: '规则',
};
