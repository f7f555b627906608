import type { Messages } from '../en.ts';

/** 面板的组成。 */
export const about: Messages['about'] = {
  title: '关于馒头',
  lead: '一个可执行文件的服务器面板，支持 Linux 和 Windows。',
  versions: '版本',
  mantou: '馒头',
  bun: 'Bun',
  sqlite: 'SQLite',
  platform: '平台',
  licence: '许可证',
  mit: 'MIT：可以自由使用、修改和分发，保留声明即可。',
  source: '源代码',
  licences: '所含作品的许可证',
  licencesNote: '馒头包含以下作品，各自遵循其许可证',
  licencesMissing: '这是源代码目录而不是构建产物：许可证文本在 node_modules 里。',
  read: '阅读许可证',
};
