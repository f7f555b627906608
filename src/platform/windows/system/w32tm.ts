import type { ClockSync } from '../../time.ts';

/** "LOCL" in ASCII: it goes by the clock of this machine. */
const LOCAL_CLOCK = 0x4c4f434c;
const NOT_SYNCHRONIZED = 3;

/**
 * `w32tm /query /status /verbose`, in the language of the system. Lines are known by their order, and of each only numbers are read;
 * what is left of the colon is not looked at, nor is the time in the seventh line, which is written as people write it there.
 *
 *     Leap Indicator: 0(no warning)                             Leap 指示符: 0(无警告)
 *     Stratum: 5 (secondary reference - syncd by (S)NTP)        层次: 3 (次引用 - 与(S)NTP 同步)
 *     Precision: -23 (119.209ns per tick)                       精度: -23 (每刻度 119.209ns)
 *     Root Delay: 0.0807901s                                    根延迟: 0.2056026s
 *     Root Dispersion: 0.4345451s                               根分散: 4.0711694s
 *     ReferenceId: 0xA83DD74A (source IP:  168.61.215.74)       引用 ID: 0xB65C0C0B (源 IP: 182.92.12.11)
 *     Last Successful Sync Time: 9/9/2026 2:56:39 AM            上次成功同步时间: 2025/4/29 8:52:14
 *     Source: time.windows.com,0x9                              源: cn.ntp.org.cn,8
 *     Poll Interval: 15 (32768s)                                轮询间隔: 6 (64s)
 *
 *     Phase Offset: 0.0013088s                                  相位偏移: -0.2507314s
 *     ClockRate: 0.0156248s                                     ClockRate: 0.0156261s
 *     State Machine: 2 (Sync)                                   计算机状态: 1 (等候)
 *     Time Source Flags: 0 (None)                               时间源标志:0 (无)
 *     Server Role: 0 (None)                                     服务器角色: 64 (时间服务)
 *     Last Sync Error: 0 (The command completed …)              上次同步错误: 0 (成功地执行了命令。)
 *     Time since Last Good Sync Time: 27995.8688108s            上次成功同步时间后的时间: 19.3403555s
 *
 * @returns null where this is none of it: the service rests, or another version says it otherwise
 */
export function parseStatus(text: string, now: number): Pick<ClockSync, 'synchronized' | 'offset' | 'server' | 'lastAt'> | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const values = lines.map((line) => /^[^:\uff1a]*[:\uff1a](.*)$/.exec(line)?.[1]?.trim() ?? '');
  const leap = /^([0-3])\s*\(/.exec(values[0] ?? '')?.[1];
  const stratum = /^(\d+)\s*\(/.exec(values[1] ?? '')?.[1];
  const reference = /^0x([\da-f]{8})\b/i.exec(values[5] ?? '')?.[1];
  if (leap === undefined || stratum === undefined || reference === undefined) return null;
  const seconds = (value = '') => {
    const found = /^(-?\d+(?:[.,]\d+)?)s$/.exec(value)?.[1];
    return found === undefined ? null : Number(found.replace(',', '.'));
  };
  // Hyper-V's provider has a stratum and no reference.
  const synchronized = Number(leap) !== NOT_SYNCHRONIZED && Number(stratum) > 0 && Number.parseInt(reference, 16) !== LOCAL_CLOCK;
  const offset = seconds(values[9]);
  const since = seconds(values[15]);
  return {
    synchronized,
    offset: synchronized && offset !== null ? Math.round(offset * 1e6) / 1000 : null,
    server: synchronized ? withoutFlags(values[7] ?? '') || null : null,
    lastAt: synchronized && since !== null && since >= 0 ? Math.round(now - since * 1000) : null,
  };
}

/** `time.windows.com,0x9` */
const withoutFlags = (peer: string) => peer.replace(/,(0x)?[\da-f]+$/i, '').trim();

/** The value NtpServer: `time.windows.com,0x9 ntp.example.com,0x8` */
export const parsePeers = (text: string): string[] => text.split(/\s+/).filter(Boolean).map(withoutFlags);

/** 0x8: as a client, not as one of several servers that ask each other ("Windows Time service tools and settings", learn.microsoft.com). */
export const writePeers = (names: readonly string[]) => names.map((name) => `${name},0x8`).join(' ');
