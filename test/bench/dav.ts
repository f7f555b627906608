import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../src/platform/exec.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

/**
 * nginx that takes files by PUT (ngx_http_dav_module) into a folder, lists it as JSON and gives files out by sendfile, on a
 * free port of loopback. null: it is not installed.
 */
export async function davServer() {
  const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync) ?? which('nginx');
  if (!nginx) return null;
  const home = mkdtempSync(join(tmpdir(), 'mantou-dav-'));
  const files = join(home, 'files');
  mkdirSync(files);
  const port = freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(home, name)};`).join(' ');
  writeFileSync(join(home, 'nginx.conf'), `
    daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log; user root;
    events { worker_connections 256; }
    http { sendfile on; access_log off; ${temporary} client_max_body_size 0;
      server { listen 127.0.0.1:${port}; location / { root ${files}; autoindex on; autoindex_format json; dav_methods PUT; create_full_put_path on; } } }`);
  const child = Bun.spawn([nginx, '-c', join(home, 'nginx.conf'), '-p', home, '-e', join(home, 'error.log')], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  await until(() => fetch(url).then(() => true, () => false));
  return {
    url, files,
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
