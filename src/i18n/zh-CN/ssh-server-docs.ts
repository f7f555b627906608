import type { sshServerDocs as english } from '../en/ssh-server-docs.ts';

/** SSH 服务器 API 的说明。 */
export const sshServerDocs: typeof english = {
  group: 'SSH 服务器',
  endpoints: {
    'ssh_server.get': 'sshd 生效的设置、各自的来源，以及谁能登录',
    'ssh_server.review': '一项更改会写入和执行什么、会把谁锁在外面，以及 sshd 的检查结果',
    'ssh_server.change': '更改 sshd 的设置。返回一项待确认更改：不保留就会自动还原',
  },
  fields: {
    sshServerHash: '所查看文件的摘要；文件已变则返回 409',
    sshServerSure: '即使管理这台机器的人都无法登录也继续',
    sshServerSources: '各设置所在的文件行；没有则为 sshd 默认值',
    sshServerFault: 'sshd 不接受的原因；接受则为 null',
    sshServerWarnings: 'danger：管理这台机器的人都将无法登录',
    sshServerAddresses: 'IP 地址，可带端口；没有则为机器的所有地址',
    sshServerGroups: '组名，可用 * 和 ?；仅 Windows。设置中省略的项保持不变',
    sshServerFiles: '将改变的文件及其内容；不存在则为 null',
  },
};
