import type { volumeDocs as english } from '../en/volume-docs.ts';

export const volumeDocs: typeof english = {
  endpoints: {
    'volumes.all_backups': '所有数据卷的备份，最新的在前；包括已不存在的数据卷',
    'volumes.backups': '一个数据卷的备份，最新的在前',
    'volumes.backup': '把数据卷的内容保存为压缩的 tar，作为任务运行',
    'volumes.upload_backup': '发送 tar、tar.gz 或 tar.zst，完整时保存为这个数据卷的备份；数据卷可以不存在',
    'volumes.import': '同上，使用本机的文件，作为任务运行',
    'volumes.download_backup': '以 tar.zst 下载备份；支持一个范围，以及 ETag 条件',
    'volumes.restore': '把备份解到新的数据卷，或替换现有数据卷的内容，作为任务运行',
    'volumes.remove_backup': '删除备份',
    'volumes.contents': '数据卷现在的内容（tar.zst），不保存',
    'volumes.clone': '把数据卷复制为新的数据卷，作为任务运行',
  },
  fields: {
    backupId: '备份的 id',
    backupSize: '压缩文件的字节数',
    backupSum: '压缩文件的 SHA-256（十六进制）',
    backupEntries: '其中的文件、文件夹与链接数',
    backupQuiet: '期间对容器做了什么；null：来自别处',
    backupFrom: '来源文件的名称',
    backupFacts: 'null：有关它的记录已丢失',
    backupPath: 'tar、tar.gz 或 tar.zst 的绝对路径',
    volumeQuiet: '对正在使用它的容器做什么：none 不变，pause 暂停，stop 停止后再启动',
    restoreInto: '恢复到的数据卷',
    restoreOver: '替换现有数据卷的内容；使用它的容器会为此停止',
    restoreConfirm: 'over 时：再写一次数据卷的名称',
    cloneName: '新数据卷的名称',
    cloneLabels: '带上标签，与编排关联的除外',
    cloneOptions: '使用相同的驱动与选项',
  },
};
