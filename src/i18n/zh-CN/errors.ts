import type { Messages } from '../en.ts';

export const errors: Messages['errors'] = {
  title: {
    invalid: '内容不符合要求',
    denied: '你的角色无权操作',
    not_found: '这里没有内容',
    conflict: '与其他操作冲突',
    unsupported: '这台机器不支持',
    unavailable: '暂时不可用',
    internal: '面板内部出错',
  },
  denied: '你的角色不允许此操作，可由管理员调整。',
  notFound: '这个地址没有页面。',
  badRequest: '请求不符合这里的要求。',
  internal: (p) => `面板内部出错，日志编号 ${p.id}。`,
  reference: '日志编号',
  output: '工具输出',
  back: '返回概览',
  unknownHost: (p) => `面板不认识主机名 ${p.name}。改用 IP 地址访问，或启动时加上 --allowed-host ${p.name}。`,
  foreignOrigin: '请求不是来自本面板的页面，已拒绝。',
  toolFailed: (p) => `${p.tool} 退出，代码 ${p.code}。`,
  nul: '值中包含 NUL 字节。',
  sealBroken: '保存的密钥无法用本次安装的主密钥解开。',
  badCursor: '这个分页标记不属于该列表，从第一页重新开始。',
  notMeasured: '还没有测量数据。',
  notJson: '请求体须为 JSON，并带上 Content-Type: application/json。',
  tooLarge: '请求超过这里允许的大小。',
};
