import type { Messages } from '../en.ts';

export const service: Messages['service'] = {
  notLetIn: (p) => `无法让 Windows 防火墙放行端口 ${p.port}：其他机器可能访问不到面板。`,
  needsAdministrator: '需要管理员权限：请以“以管理员身份运行”打开终端。',
  runAlone: '此命令由 Windows 作为面板的服务启动；手动启动请用 mantou serve',
  noSystemd: '这里没有 systemd（容器或其他 init）。用启动其他程序的方式启动 mantou serve。',
  needsRoot: '需要 root 权限：sudo mantou service …',
  needsExecutable: '只能安装可执行文件。先 bun run build，再运行 dist/mantou-linux-… service install。',
  badPath: '路径中含有换行。',
  copied: (p) => `此可执行文件已复制到 ${p.path}。`,
  installed: (p) => `${p.unit} 已运行，并随系统启动。`,
  reach: (p) => `面板：${p.url}`,
  silent: (p) => `${p.unit} 已启动但没有应答，最后的输出：`,
  notInstalled: '服务未安装：mantou service install',
  state: (p) => `${p.unit}：${p.active}，${p.enabled}`,
  removed: (p) => `${p.unit} 已停止并移除。`,
  kept: (p) => `已保留：${p.dataDir} 中的数据和可执行文件 ${p.executable}。不需要时手动删除。`,
  setupElsewhere: '面板尚未设置。在服务器上运行 sudo mantou service status 获取设置地址。',
};
