import type { Messages } from '../en.ts';

export const files: Messages['files'] = {
  title: '文件',
  errors: {
    badPath: '请输入不含“..”的绝对路径。',
    badName: '这里不能使用这个名称。',
    longName: '名称或路径超过了文件系统允许的长度。',
    gone: '这个路径下没有内容，可能已被删除。',
    notFolder: '路径中的某一段不是文件夹。',
    isFolder: '这是一个文件夹。',
    special: '这是设备、管道或套接字，面板不会打开它。',
    loop: '路径上的符号链接形成了循环，或出现在不允许跟随的位置。',
    systemRefuses: '操作系统不接受这个操作。',
    systemDenies: '操作系统不允许面板执行这个操作。',
    exists: '同名的内容已经存在。',
    notEmpty: '文件夹不是空的。',
    busy: '正在使用中，或是一个挂载点。',
    readOnly: '文件系统是只读的。',
    full: '磁盘已满或配额已用完，没有任何改动。',
    tooBig: '文件超过了该文件系统允许的大小。',
    ioError: '磁盘读写失败。',
    tooManyOpen: '打开的文件太多，请稍后再试。',
    outside: '这超出了你的角色可以使用的文件夹范围。',
    ownFolder: '这是面板自己的目录，只能通过面板的页面修改。',
  },
};
