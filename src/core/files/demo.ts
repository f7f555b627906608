import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, utimes, writeFile, chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import type { App } from '../app.ts';
import { demoFolder } from './reach.ts';

const DAY = 86_400_000;

/** Content, and days before the start that it was changed. */
type Piece = readonly [content: string | Uint8Array, daysAgo: number, mode?: number];

/**
 * Fills the demo's folder with a small made-up server: a web project, logs, a text in GBK, an image. The same at every
 * start, and only where there is nothing: what visitors change stays until the data directory goes.
 */
export async function seedFiles(app: Pick<App, 'config' | 'clock'>): Promise<void> {
  const folder = demoFolder(app);
  if (existsSync(folder)) return;
  // Written beside and renamed: a start that was cut off leaves no half of it.
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  const now = app.clock.now();
  const tree = made();
  for (const [path, [content, daysAgo, mode]] of Object.entries(tree)) {
    const file = join(part, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    if (mode !== undefined) await chmod(file, mode);
    const at = new Date(now - daysAgo * DAY);
    await utimes(file, at, at);
  }
  // Windows asks for a right that not everybody has.
  await symlink('../../shared/storage', join(part, 'www/shop/storage')).catch(() => {});
  await symlink('releases/2025-10', join(part, 'www/current')).catch(() => {});
  for (const [folder, daysAgo] of foldersOf(tree)) {
    const at = new Date(now - daysAgo * DAY);
    await utimes(join(part, folder), at, at);
  }
  await rename(part, folder);
}

/** Each folder is as old as the newest thing in it; the deepest come first. */
function foldersOf(tree: Readonly<Record<string, Piece>>): [path: string, daysAgo: number][] {
  const newest = new Map<string, number>();
  for (const [path, [, daysAgo]] of Object.entries(tree)) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) newest.set(at, Math.min(newest.get(at) ?? Infinity, daysAgo));
  }
  return [...newest].sort(([a], [b]) => b.length - a.length);
}

const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
const two = (n: number) => String(n).padStart(2, '0');

/** Deterministic, and nobody's address: 203.0.113.0/24 is for documentation (RFC 5737). */
const access = () => lines(4000, (i) => {
  const paths = ['/', '/cart', '/api/products?page=2', '/assets/app.js', '/images/hero-winter.avif', '/checkout', '/wp-login.php'];
  const status = i % 97 === 0 ? 502 : i % 7 === 6 ? 404 : 200;
  return `203.0.113.${(i * 37) % 254} - - [22/Nov/2025:${two(Math.floor(i / 200) % 24)}:${two(i % 60)}:${two((i * 7) % 60)} +0000] "GET ${paths[i % 7]} HTTP/1.1" ${status} ${(i * 131) % 48_000} "-" "Mozilla/5.0"`;
});

const errors = () => lines(240, (i) => `2025/11/22 ${two(Math.floor(i / 20))}:${two((i * 11) % 60)}:${two((i * 17) % 60)} [error] 812#812: *${4000 + i * 41} connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://127.0.0.1:3000/"`);

const dump = (count: number) => '-- made up\n' + lines(count, (i) => `INSERT INTO orders VALUES (${i}, 'BUN-${1000 + (i % 120)}', ${(i % 5) + 1});`);

/** Made when it is asked for: a panel that is no demo starts without it. */
const made = (): Readonly<Record<string, Piece>> => ({
  'www/shop/package.json': [JSON.stringify({ name: 'shop', private: true, type: 'module', scripts: { start: 'node server.mjs' } }, null, 2) + '\n', 11.09],
  'www/shop/server.mjs': [
    `import { createServer } from 'node:http';\nimport { render } from './src/render.mjs';\n\n// 生产环境由 Mantou 反向代理，只监听本机\nconst HOST = '127.0.0.1';\nconst PORT = Number(process.env.PORT ?? 3000);\n\ncreateServer(async (req, res) => {\n  const url = new URL(req.url, \`http://\${req.headers.host}\`);\n  if (url.pathname === '/healthz') return res.end('ok');\n  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });\n  res.end(await render(url));\n}).listen(PORT, HOST);\n`,
    4.36,
  ],
  'www/shop/src/render.mjs': [`export async function render(url) {\n  return \`<!doctype html><title>\${url.pathname}</title><h1>Steamed buns, fresh every hour</h1>\`;\n}\n`, 4.37],
  'www/shop/src/cart.mjs': [`export const total = (items) => items.reduce((sum, { price, count }) => sum + price * count, 0);\n`, 9.21],
  'www/shop/public/index.html': ['<!doctype html>\n<html lang="en">\n<title>Shop</title>\n<link rel="stylesheet" href="shop.css">\n<h1>Steamed buns</h1>\n', 4.38],
  'www/shop/public/shop.css': ['body {\n  font: 1rem/1.5 system-ui;\n  margin: 2rem auto;\n  max-inline-size: 60ch;\n}\n', 12.44],
  'www/shop/public/hero.png': [png(320, 180), 6.12],
  'www/shop/.env.production': ['PORT=3000\nDATABASE_URL=postgres://127.0.0.1/shop\nSESSION_SECRET=change-me\n', 24.3, 0o600],
  'www/shop/compose.yaml': ['services:\n  redis:\n    image: redis:7\n    restart: unless-stopped\n', 16.28],
  'www/shop/README.md': ['# Shop\n\nA small shop that the demo has made up.\n\n1. `npm install`\n2. `npm start`\n\n| page | file |\n| --- | --- |\n| `/` | `src/render.mjs` |\n| `/cart` | `src/cart.mjs` |\n', 21.17],
  'www/shop/部署说明（生产环境）.md': ['# 部署说明\n\n1. 拉取代码\n2. 重载 nginx\n3. 查看日志：`logs/nginx/access.log`\n', 14.33],
  'www/shop/.gitignore': ['node_modules\n.env.production\n', 21.18],
  'www/shop/scripts/backup.sh': ['#!/bin/sh\nset -eu\npg_dump shop | gzip > "/backups/shop-$(date +%F).sql.gz"\n', 18.4, 0o755],
  'www/shop/public/robots.txt': ['User-agent: *\nDisallow: /cart\nDisallow: /checkout\n', 12.45],
  'www/shop/LICENSE': ['The demo has made this up: do with it what you like.\n', 265.4],
  'www/shop/orders-2025-11.csv': ['order,sku,count,at\n' + lines(9000, (i) => `${70_000 + i},BUN-${1000 + ((i * 7) % 120)},${(i % 5) + 1},2025-11-${two((i % 28) + 1)}T${two((i * 5) % 24)}:${two((i * 11) % 60)}`), 0.29, 0o640],
  'www/releases/2025-10/index.html': ['<!doctype html>\n<title>October</title>\n', 30.05],
  'shared/storage/用户上传/说明.txt': ['这个文件夹保存用户上传的图片。\n', 2.27],
  'shared/storage/products.csv': ['sku,name,price\n' + lines(120, (i) => `BUN-${1000 + i},${['Plain bun', '红糖馒头', 'Sesame bun', '奶黄包'][i % 4]},${(1.2 + (i % 9) / 10).toFixed(2)}`), 3],
  // “你好，世界。这是 GBK 编码的文本。” in GBK.
  'shared/旧版说明-gbk.txt': [Buffer.from('c4e3bac3a3accac0bde7a1a30d0ad5e2cac72047424b20b1e0c2ebb5c4cec4b1bea1a30d0a', 'hex'), 400],
  'logs/nginx/access.log': [access(), 0],
  'logs/nginx/error.log': [errors(), 0],
  'logs/backup.log': [lines(30, (i) => `2025-11-${two((i % 30) + 1)} 03:00:0${i % 10} backup of shop done in ${4 + (i % 5)}.2 s`), 0.41],
  'backups/shop-2025-11-20.sql.gz': [gzipSync(dump(780)), 2.52, 0o640],
  'backups/shop-2025-11-21.sql': [dump(800), 1.52, 0o640],
  'etc/nginx.conf': ['server {\n  listen 80;\n  server_name shop.example.com;\n  location / {\n    proxy_pass http://127.0.0.1:3000;\n  }\n}\n', 40.3],
});

/** A picture without a library: a sky, a steamer and a bun in 8-bit RGB (PNG, ISO/IEC 15948). */
function png(width: number, height: number): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bun = ((x - width / 2) / 62) ** 2 + ((y - 96) / 44) ** 2 < 1 && y < 116;
      const basket = Math.abs(x - width / 2) < 92 && y >= 116 && y < 148;
      const color = bun ? [252, 249, 242] : basket ? [190 - (y % 8) * 4, 142, 84] : [244 - (y >> 2), 232 - (y >> 2), 212 - (y >> 3)];
      rows.set(color, y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    sum.writeUInt32BE(Bun.hash.crc32(body));
    return Buffer.concat([head, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())]);
}
