import type { logDocs as english } from '../en/log-docs.ts';

export const logDocs: typeof english = {
  group: '日志',
  endpoints: {
    'logs.sources': '有哪些日志：系统日志、文件、写过日志的单元（Windows 上为事件日志的通道）、历次开机',
    'logs.list': '日志条目，从最新处取，按时间排列',
    'logs.get': '一个条目的所有字段',
    'logs.follow': '从现在起写入的内容，随到随发，每行一个 JSON 对象；来得太快的条目以 left 的数量代替',
    'logs.download': '所有符合的条目，从最早的开始，每行一个 JSON 对象；会记入审计日志',
  },
  fields: {
    logSource: 'journal、kernel，或来源列表中某个文件的路径',
    logUnit: 'systemd 单元：nginx.service',
    logIdentifier: '程序自称的名字：sshd',
    logPriority: '此级别及更紧急的；文件中只含标明级别的行',
    logBoot: '某次开机的标识，取自来源列表',
    logQ: '只要含此文字的条目，不分大小写',
    logRegex: 'true：q 是 RE2 语法的正则表达式',
    logSince: '不早于此刻，1970 年起的毫秒数',
    logUntil: '不晚于此刻，1970 年起的毫秒数',
    logCursor: '从此条目继续，结果中不含它',
    logTo: '朝哪个方向继续；没有 cursor 时总是从最新处开始',
    logMore: '这个方向可能还有更多',
    logLate: '查找耗时过长，已停止：更远处未查',
    logAt: '时间，1970 年起的毫秒数；null：该行未标明',
    logLevel: '从 0（紧急）到 7（调试）（RFC 5424）；null：未标明',
    logCut: '消息比这里给出的更长',
    logPartial: '面板的账户只能读取系统日志的一部分',
    logSize: '文件字节数，可能是压缩后的',
  },
};
