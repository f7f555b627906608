import type { blockDocs as en } from '../en/block-docs.ts';

export const blockDocs: typeof en = {
  group: '封禁地址',
  endpoints: {
    'blocks.list': '被封禁的地址',
    'blocks.standing': '机器是否确实在丢弃列表中的地址',
    'blocks.create': '封禁地址、网段或范围，或修改其截止时间',
    'blocks.lift': '解除封禁',
    'blocks.import': '导入地址列表，或仅检查导入的结果',
    'blocks.lists': '已导入的列表',
    'blocks.export': '以文本导出列表中的地址，可再次导入',
    'blocks.remove_list': '删除列表及其全部封禁',
  },
  fields: {
    blockAddress: 'IPv4 或 IPv6 地址、网段（198.51.100.0/24）或范围（192.0.2.1-192.0.2.9）',
    blockUntil: '截止时间，自 1970 年起的毫秒数；null 表示直到手动解除',
    blockSource: '封禁来源：person（用户）、list（导入的列表）或 guard（防暴力破解）',
    blockFind: '地址或网段，查找包含它或被它包含的全部封禁；或地址与备注中的文字',
    blockTool: '机器用来封禁的工具',
    blockRefusal: '这台机器无法封禁的原因：notRoot、noTool、unsupported、off（Windows 防火墙已关闭）或 byPolicy；null 表示可以',
    blockRanges: '机器丢弃的地址段数量：重叠或相邻的封禁算作一段',
    importName: '新列表的名称，或要修改的列表的名称',
    importText: '每行一个地址、网段或范围；# 和 ; 之后是备注；有多列时取第一列',
    importReplace: '不在文本中的条目将不再封禁',
    importCheck: '只告知结果，不做任何改动',
    importId: '列表的 id；仅检查时为 null',
    importKnown: '列表中已有的条目数',
    importRepeated: '重复的行数',
    importRemoved: '替换列表时移除的条目数',
    importRefused: '未封禁的前 1,000 行及原因：notAddress、own、gateway、private、wide 等',
  },
};
