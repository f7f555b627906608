import type { Messages } from '../en.ts';

export const start: Messages['start'] = {
  ready: (p) => `馒头 ${p.version} 已就绪：${p.url}`,
  setup: '打开下面的地址创建管理员（30 分钟内有效，仅可使用一次）：',
  elsewhere: (p) =>
    `只有本机可以访问。从其他机器：ssh -L ${p.port}:127.0.0.1:${p.port} ${p.machine}，再打开同一地址；或用 --host 0.0.0.0 启动（启用 TLS）。`,
  reach: (p) => `也可访问：${p.urls}`,
  proxied: '使用明文 HTTP，供受信任的代理访问：从代理的地址打开面板。',
  fingerprint: (p) => `证书指纹（SHA-256），与浏览器显示的核对：\n  ${p.fingerprint}`,
  dataDir: (p) => `数据目录：${p.path}`,
  demo: '演示模式：虚构的机器，任何操作都不影响本机。',
  portInUse: (p) => `${p.host}:${p.port} 已被占用。停止占用它的程序，或用 --port 换一个端口。`,
  addressMissing: (p) => `本机没有地址 ${p.host}。使用 127.0.0.1、0.0.0.0 或本机的地址。`,
  portDenied: (p) => `端口 ${p.port} 需要 root 权限。用 --port 换成 1024 以上的端口。`,
  stopping: '正在停止…',
};
