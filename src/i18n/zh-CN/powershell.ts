import type { Messages } from '../en.ts';

export const powershell: Messages['powershell'] = {
  unavailable: '这台机器上无法启动 PowerShell。',
  busy: '等待 PowerShell 处理的请求太多了，请稍后再试。',
  longQuestion: '内容过长，无法一次交给 PowerShell。',
  died: (p) => `PowerShell 在执行 ${p.what} 时意外退出。`,
  late: (p) => `${p.what} 在 ${p.seconds} 秒内没有响应，已被终止。`,
  tooMuch: (p) => `${p.what} 返回的内容超出了面板的上限。`,
  unreadable: (p) => `面板无法识别 ${p.what} 返回的内容。`,
  denied: '面板所用的账户没有这项权限，请以管理员身份运行面板。',
  unsupported: '此 Windows 版本不具备所需的功能。',
  failed: (p) => `${p.what} 执行失败。`,
};
