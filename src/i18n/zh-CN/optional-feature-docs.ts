import type { optionalFeatureDocs as english } from '../en/optional-feature-docs.ts';

export const optionalFeatureDocs: typeof english = {
  group: '可选功能（Windows）',
  endpoints: {
    'optional_features.list': 'Windows 的功能、按需功能（capability），或服务器的角色；等待重启的在前',
    'optional_features.get': '一个功能：说明、依赖与包含的内容',
    'optional_features.change': '以任务启用或关闭一个功能；不会重启机器',
  },
  fields: {
    featureList: 'optional：DISM 的功能，每种 Windows 都有；server：服务器管理器的角色和功能',
    featureName: '在各种语言的 Windows 中都相同的名称',
    featureTitle: '以 Windows 的语言表示',
    featureState: 'absent：未启用，磁盘上没有其文件；turning-on、turning-off：下次启动后生效',
    featureParent: '所属的功能；仅 Server 提供',
    featureOnly: '只列出已启用或未启用的',
    featureServer: 'true：还有角色列表',
    featureWhole: 'false：没有管理员权限，无法得知哪些在等待重启',
    featurePending: '等待机器重启的数量',
    featureRestart: '更改是否需要重启；null：更改后告知',
    featureNeeds: '它依赖的功能，会一并启用；仅 Server 提供',
    featureHolds: '它包含的功能；仅 Server 提供',
    featureConfirm: '关闭时再次给出名称',
  },
};
