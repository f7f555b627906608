import type { Messages } from '../en.ts';

export const certificate: Messages['certificate'] = {
  mismatch: (p) => `${p.key} 中的私钥与 ${p.cert} 中的证书不匹配。指定同一对的两个文件。`,
  expired: (p) => `${p.path} 中的证书已于 ${p.on} 到期。续期，或去掉 --tls-cert 和 --tls-key 使用自签名证书。`,
  future: (p) => `${p.path} 中的证书从 ${p.on} 起才有效。检查本机时钟。`,
  unreadable: (p) => `${p.path} 中没有 PEM 格式的证书（-----BEGIN CERTIFICATE-----）。`,
  keyUnreadable: (p) => `${p.path} 中没有 PEM 格式的私钥（-----BEGIN PRIVATE KEY-----）。`,
  keyEncrypted: (p) => `${p.path} 中的私钥有口令保护。改用不带口令的私钥：openssl pkey -in ${p.path} -out key.pem`,
  fileUnreadable: (p) => `无法读取 ${p.path}：${p.reason}。`,
};
