import type { exposureDocs as english } from '../en/exposure-docs.ts';

/** 暴露面的 API 说明。 */
export const exposureDocs: typeof english = {
  group: '暴露面',
  endpoints: {
    'exposure.list': '每个监听的端口，最危险的在前：由谁持有、如何发布、按主机的规则谁能访问',
  },
  fields: {
    exposureUnknown: '未能读取规则的原因：root、system、tools、failed；已读取则为 null',
    exposureFiltered: '是否有针对外来连接的规则',
    exposureLeft: '因数量太多而没有检查的套接字个数；几乎总是 0',
    exposureAgain: 'on：立即检查，不用几秒前的结果',
    exposureFilter: '端口、程序、服务、容器或地址包含的文字',
    exposureLevel: 'danger：已知易被入侵且对任何人开放；warn：有风险，且部分开放、有自身防护或未知；open；meant：正常开放；some；closed；machine',
    exposureScope: '仅按监听地址判断：everywhere、address、inside（本机的容器和虚拟机）、machine',
    exposureHow: 'program、published（由 Docker 发布）、kernel（没有已知程序）、forwarded（转发到其他机器）',
    exposureVerdict: 'open：任何人；some：仅这些网络；closed；unknown：取决于无法解读的规则',
    exposureNetworks: 'some 时为能访问者，open 时为被排除者；最多 8 个，仅操作员和管理员可见',
    exposureInterfaces: '适用的网卡；空为全部',
    exposureReasons: '起决定作用的规则，按工具的写法；text 为 null 表示链的默认动作。仅操作员和管理员可见',
    exposureDoubts: '起决定作用但无法判断是否匹配的规则及原因',
    exposureDoor: '由规则转到这里的另一个端口',
    exposureRisk: '已知的种类：redis、mysql、docker 等；null 为未知',
  },
};
