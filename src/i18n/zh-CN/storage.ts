import type { Messages } from '../en.ts';

export const storage: Messages['storage'] = {
  newer: (p) =>
    `${p.path} 由更新版本的馒头写入（格式 ${p.version}，本版本支持到 ${p.known}）。启动新版本，或换回旁边的 ${p.path}.before-${p.version}。`,
  damaged: (p) => `${p.path} 已损坏，未作改动。把它移走后重新启动，或用备份替换。`,
  cannotOpen: (p) => `无法打开 ${p.path}。检查目录是否存在、是否属于运行面板的用户。`,
  readOnly: (p) => `无法写入 ${p.path}：目录或文件系统是只读的。`,
  busy: (p) => `${p.path} 正被其他程序占用，稍后再试。`,
  full: (p) => `${p.path} 所在磁盘已满。腾出空间即可，已保存的内容不会丢失。`,
  ioError: (p) => `${p.path} 所在磁盘报告错误，查看内核日志。`,
  keyDamaged: (p) => `${p.path} 不是 32 字节的密钥。换回原文件，否则无法读取已加密的内容。`,
  isLink: (p) => `${p.path} 是链接。数据目录必须是独立的文件夹。`,
  othersWrite: (p) => `${p.path} 属于他人或他人可写（${p.names}），他们可借此向面板下达命令。请移走它，或只允许 SYSTEM 和管理员访问：takeown.exe /f "${p.path}" /a /r && icacls.exe "${p.path}" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F /t`,
  notWritable: (p) => `数据目录 ${p.path} 不可用：${p.reason}。用 --data-dir 指定其他目录，或修改其所有者。`,
  foreign: (p) => `数据目录 ${p.path} 属于 ID 为 ${p.uid} 的用户，而面板以 ID ${p.us} 运行，目录的所有者可以改动其中的一切。以该用户启动面板、更改目录的所有者，或用 --data-dir 指定其他目录。`,
  nothingHere: (p) => `${p.path} 中没有面板数据。先启动一次，或用 --data-dir 指定目录。`,
  locked: (p) => `馒头已在使用数据目录 ${p.path}${p.pid ? `（pid ${p.pid}${p.url ? `，${p.url}` : ''}）` : ''}。先停止它，或用 --data-dir 指定其他目录。`,
};
