import type { Messages } from '../en.ts';

export const imageLoad: Messages['imageLoad'] = {
  action: '从文件加载…',
  title: '加载镜像',
  lead: 'docker save 生成的归档：.tar，也可用 gzip、zstd、bzip2 或 xz 压缩。',
  upload: '从您的电脑',
  file: '归档',
  uploadSubmit: '上传并加载',
  uploadHint: '直接传给引擎。如果连接容易中断，请先在“文件”中上传，再从本机加载。',
  uploading: '正在上传',
  unpacking: '引擎正在解包',
  failed: '镜像未加载。',
  machine: '从本机',
  path: '归档的路径',
  pathHint: '您在“文件”中可以读取的文件。',
  machineSubmit: '加载镜像',
  noArchive: '这不是镜像归档：需要 docker save 生成的 tar。',
  tooMany: (p) => `已有 ${p.n} 个归档正在加载。请等其中一个完成。`,
  broken: '归档没有完整传入。',
  badPacking: '归档已损坏，无法解压。',
  nothing: '归档中没有镜像。',
  cancelled: '加载已取消。',
};

export const imagePush: Messages['imagePush'] = {
  action: '推送…',
  title: (p) => `推送 ${p.name}`,
  submit: '推送镜像',
  reference: '目标',
  hint: '先写仓库：ghcr.io/acme/shop:1.2。镜像会保留这个名称。',
  signedIn: (p) => `已保存登录信息：${p.hosts}。`,
  nobody: '没有保存任何仓库的登录信息。',
  registries: '镜像仓库',
  started: (p) => `正在推送 ${p.reference}`,
  show: '查看镜像',
};
