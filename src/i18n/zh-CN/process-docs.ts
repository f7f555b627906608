import type { processDocs as english } from '../en/process-docs.ts';

/** 进程 API 的说明。 */
export const processDocs: typeof english = {
  group: '进程',
  endpoints: {
    'processes.list': '机器上运行的进程',
    'processes.get': '一个进程：打开的文件、收到的参数、所属',
    'processes.signal': '向进程或由它启动的全部进程发送信号',
    'processes.priority': '设置进程的优先级',
  },
  fields: {
    processFilter: '名称、命令、用户或服务中包含的文字',
    processTraffic: '主机网络中打开的 TCP 连接每秒的字节数；未按 `received` 或 `sent` 排序或没有连接时为 null',
    socketCarried: '自连接建立以来的字节数；未提供时（如 UDP 和监听中的套接字）为 null',
    processNice: '从 -20（最先得到 CPU）到 19；系统没有时为 null',
    processService: '所属的主机服务：nginx.service',
    processContainer: '所在容器的 ID',
    processStartedAt: '启动时间，与列表所示相同：编号会重复使用，加上它才能唯一确定一个进程',
    processGuard: '为何须以其名称作 confirm 才能结束：机器的第一个进程、面板、系统所需；内核线程完全不能结束',
    processFiles: '打开的文件，仅管理员可见；无法读取时为 null',
    processEnvironment: '启动时的环境变量，不含机密值，仅管理员可见',
    processTree: '连同由它启动的全部进程',
    processConfirm: '受保护进程的名称',
    processLeft: '1.5 秒后仍在运行的进程编号',
    processCpu: '自上次查看以来占一个核心的百分比',
    processMemory: '常驻内存字节数',
  },
};
