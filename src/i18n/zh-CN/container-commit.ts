import type { Messages } from '../en.ts';

export const containerCommit: Messages['containerCommit'] = {
  item: '制作镜像…',
  title: (p) => `将 ${p.name} 制作为镜像`,
  text: '镜像包含容器当前的文件（不含数据卷），并以同样方式启动。文件或环境变量中的机密也会进入镜像。',
  reference: '镜像名称',
  referenceHint: '例如 acme/shop:before-upgrade；不写标签即为 latest。',
  author: '作者',
  message: '说明',
  pause: '制作期间暂停容器',
  pauseNote: '否则复制时文件可能变化。',
  replace: '从其他镜像取走该名称',
  submit: '制作镜像',
  taken: (p) => `已有镜像 ${p.reference}。如要取走该名称，请勾选下方选项。`,
  tooLong: '不超过 500 个字符，单行。',
  export: '导出文件',
};
