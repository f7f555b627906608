import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { line, newShell, shows } from './terminal-page.ts';

/** Nothing of the machine that the pictures are taken on is to be seen in them: its name, its processes, its folders. */
export const HOST = 'hk-01';

const e = (code: string, text: string) => `\x1b[${code}m${text}\x1b[0m`;
const bar = (name: string, share: number, text: string) => {
  const full = Math.round(share * 34);
  const marks = '|'.repeat(full).padEnd(42 - text.length - name.length, ' ');
  return `  ${e('36', name)}[${e('32', marks.slice(0, Math.ceil(full * 0.7)))}${e('31', marks.slice(Math.ceil(full * 0.7), full))}${marks.slice(full)}${e('90', text)}]`;
};

const PROCESSES: [number, string, number, number, string, string][] = [
  [1184, 'postgres', 64.0, 12.2, '9:41.20', 'postgres: shop checkout'], [20417, 'app', 52.1, 3.9, '4:12.77', 'node server.mjs'], [902, 'www-data', 31.4, 0.6, '2:58.03', 'nginx: worker process'],
  [1302, 'redis', 18.2, 2.2, '1:47.51', 'redis-server *:6379'], [611, 'root', 4.0, 0.3, '0:20.18', 'mantou serve'], [733, 'root', 1.2, 0.4, '3:04.66', 'dockerd'],
  [488, 'root', 0.6, 0.1, '0:02.31', 'sshd: lin [priv]'], [356, 'root', 0.3, 0.2, '0:11.90', 'systemd-journald'], [1, 'root', 0.0, 0.1, '0:06.12', '/sbin/init'],
];

/** A screen as htop draws one. */
function processes(): string {
  const row = ([pid, user, cpu, memory, time, command]: (typeof PROCESSES)[number], n: number) => {
    const text = `${String(pid).padStart(7)} ${user.padEnd(9)} 20   0 ${cpu.toFixed(1).padStart(6)} ${memory.toFixed(1).padStart(5)} ${time.padStart(9)}  ${command}`;
    return n === 0 ? e('30;46', text.padEnd(72)) : text;
  };
  return [
    '', bar('0', 0.82, '81.6%'), bar('1', 0.44, '43.9%'), bar('2', 0.63, '62.7%'), bar('3', 0.21, '20.4%'), bar('Mem', 0.58, '9.21G/15.6G'), bar('Swp', 0.02, '64M/2.00G'), '',
    `  Tasks: ${e('1', '86')}, ${e('1;32', '214')} thr; ${e('1;32', '2')} running`, `  Load average: ${e('1', '1.84')} ${e('1;36', '1.52')} ${e('36', '1.31')}`, `  Uptime: ${e('1;36', '41 days, 06:12:40')}`, '',
    e('30;42', '    PID USER      PRI  NI   CPU%  MEM%     TIME+  Command'.padEnd(72)), ...PROCESSES.map(row),
  ].join('\n');
}

const SERVER = `upstream shop {
    server 127.0.0.1:3000;
    keepalive 16;
}

server {
    listen 443 ssl;
    server_name shop.example.com;

    ssl_certificate     /etc/ssl/shop/fullchain.pem;
    ssl_certificate_key /etc/ssl/shop/key.pem;

    # Product photos never change.
    location /photos/ {
        root /srv/www/shop;
        expires 30d;
    }

    location / {
        proxy_pass http://shop;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
    }
}
`;

const LOG = [
  `${e('33', '9f3c1ab')} ${e('33', '(')}${e('1;36', 'HEAD -> main')}${e('33', ')')} 修复弱网下重复提交`, `${e('33', '4be02d7')} 商品页缓存 60 秒`, `${e('33', 'b81f9e0')} 升级到 Node 22`, `${e('33', '03c7d55')} 首页冬季活动横幅`,
].join('\n');
const DISK = ['文件系统   大小  已用  可用 已用%', '/dev/vda1   40G   11G   29G   28%', '/dev/vdb1  500G  412G   88G   83%'].join('\n');

/** Writes what is shown into a folder. */
export function stage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ top: processes(), 'shop.conf': SERVER, log: LOG, disk: DISK })) writeFileSync(join(folder, name), `${text.trimEnd()}\n`);
}

/** A shell whose prompt says only what is to be seen, and whose commands show what was staged. */
async function shell(page: Page, folder: string) {
  await line(page, `cd ${folder}; PS1='\\[\\e[32m\\]root@${HOST}\\[\\e[0m\\]:\\[\\e[34m\\]/srv/shop\\[\\e[0m\\]# '; git() { cat log; }; df() { cat disk; }; nginx() { echo ok; }; printf '\\e]0;root@${HOST}\\a'; clear`);
  await shows(page, /^root@hk-01:\/srv\/shop# ?$/m);
}

/** An editor beside the processes, and two further tabs. */
export async function split(page: Page, folder: string) {
  for (const title of ['deploy', 'shop-db']) {
    await newShell(page);
    await line(page, `printf '\\e]0;${title}\\a'; exec sleep 600`);
    await page.click('#tt-new');
  }
  await newShell(page);
  await shell(page, folder);
  await line(page, `printf '\\e]0;shop.conf\\a'; vim -u NONE -N -c 'set number ruler laststatus=2 notitle' -c 'syntax on' -c 'set ft=nginx' -c 'normal 19Gw' shop.conf`);
  await shows(page, 'proxy_pass');
  await page.click('#tt-tools > [data-tt=split-right]');
  await shows(page, /[#$] ?$/m);
  await line(page, `cd ${folder}; printf '\\e]0;htop\\a\\e[?25l'; clear; cat top; read -rs`);
  await shows(page, 'systemd-journald');
  await page.click('.tt-tab:not([hidden]) .tt-pane:first-child .xterm-screen');
}

/** A few commands. */
export async function commands(page: Page, folder: string) {
  await newShell(page);
  await shell(page, folder);
  for (const text of ['git log --oneline', 'df -h', 'nginx -t']) await line(page, text);
  await shows(page, /\nok\n/);
  await page.keyboard.type('systemctl reload nginx');
}
