import type { trashDocs as english } from '../en/trash-docs.ts';

/** 回收站 API 的说明。 */
export const trashDocs: typeof english = {
  endpoints: {
    'files.trash': '回收站中的内容，包括所有可访问的文件系统',
    'files.restore': '还原回收站中的内容',
    'files.empty': '从回收站彻底删除：指定的或全部内容',
  },
  fields: {
    trashIds: '回收站中的 id',
    trashId: '它在回收站中的 id',
    trashFolder: '原来所在的文件夹',
    trashSize: '字节数，文件夹为 null',
    trashBy: '删除它的用户，null 表示其他程序',
    trashVolume: '所在的挂载点或驱动器',
    trashRecreate: '重新创建已不存在的文件夹',
    trashEmptyIds: '要删除的内容，省略则为所有可访问的内容',
  },
};
