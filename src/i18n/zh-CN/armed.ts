import type { armed as english } from '../en/armed.ts';

/** 可能把人锁在外面的更改：没人保留就自动还原。 */
export const armed: typeof english = {
  nouns: { firewall: '防火墙', ssh: 'SSH 服务器', rdp: '远程桌面' },
  title: ({ noun, target }) => `${noun}：${target}。`,
  text: ({ time, by }) => `若无人保留，将在 ${time} 自动还原，以免任何人被锁在外面。更改者：${by}。`,
  left: ({ n }) => `剩余 ${n} 秒`,
  hints: { firewall: '', ssh: '按「保留」之前，先另开一个 SSH 连接试试。', rdp: '按「保留」之前，先另开一个远程桌面连接试试。' },
  proof: '能按下「保留」，就证明面板仍可访问。',
  keep: '保留',
  revert: '立即还原',
  reverting: '正在还原…',
  steps: '查看还原步骤',
  dismiss: '知道了',
  reasons: {
    time: ({ time }) => `无人保留，已于 ${time} 还原。`,
    asked: ({ time }) => `已于 ${time} 还原。`,
    reboot: ({ time }) => `保留之前机器重新启动，已于 ${time} 还原。`,
    shutdown: ({ time }) => `保留之前机器关机，已于 ${time} 还原。`,
  },
  failed: ({ n }) => `${n} 个步骤失败：`,
  another: ({ target }) => `另有更改等待保留或还原：${target}。`,
  noWatchdog: '无法启动负责还原的进程，因此没有做任何更改。',
  late: ({ target }) => `太迟了：「${target}」已还原，或正在还原。`,
  making: '仍在进行，稍后再按「保留」。',
  gone: '没有这项更改：它已被保留或还原。',
};
