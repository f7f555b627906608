import { isIP } from 'node:net';
import type { Option } from './option.ts';

const hostname = (v: string) => isIP(v) > 0 || /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/i.test(v);

export function isCidr(v: string): boolean {
  const [address = '', bits, more] = v.split('/');
  const family = isIP(address);
  if (!family || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Every command takes this one. */
export const dataDirOption: Option = {
  key: 'dataDir', flag: 'data-dir', kind: 'path', value: 'DIR', env: 'MANTOU_DATA_DIR',
  help: 'where the panel keeps everything it knows', accepts: 'a folder',
};

export const portableOption: Option = {
  key: 'portable', flag: 'portable', kind: 'switch', env: 'MANTOU_PORTABLE', default: false,
  help: 'keep everything in data/ beside the executable', accepts: 'true or false',
};

/** `mantou serve`: flags > MANTOU_* environment > config.toml in the data directory > defaults. */
export const serveOptions: readonly Option[] = [
  {
    key: 'host', flag: 'host', kind: 'text', value: 'ADDRESS', env: 'MANTOU_HOST', toml: 'host', default: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 or :: for all', accepts: 'an IP address or a host name', valid: hostname,
  },
  {
    key: 'port', flag: 'port', kind: 'integer', value: 'PORT', env: 'MANTOU_PORT', toml: 'port', default: 8686,
    help: 'TCP port to listen on; 0 picks a free one', accepts: 'a number from 0 to 65535',
    valid: (v) => /^\d{1,5}$/.test(v) && Number(v) <= 65535,
  },
  dataDirOption,
  {
    key: 'tls', flag: 'tls', kind: 'switch', negatable: true, env: 'MANTOU_TLS', toml: 'tls',
    help: 'force TLS on or off; by default on unless the address is loopback', accepts: 'true or false',
  },
  {
    key: 'tlsCert', flag: 'tls-cert', kind: 'path', value: 'FILE', env: 'MANTOU_TLS_CERT', toml: 'tls_cert',
    help: 'certificate chain in PEM, instead of a self-signed one', accepts: 'a file in PEM',
  },
  {
    key: 'tlsKey', flag: 'tls-key', kind: 'path', value: 'FILE', env: 'MANTOU_TLS_KEY', toml: 'tls_key',
    help: 'private key in PEM for --tls-cert', accepts: 'a file in PEM',
  },
  {
    key: 'trustedProxies', flag: 'trusted-proxy', kind: 'list', value: 'CIDR', env: 'MANTOU_TRUSTED_PROXY',
    toml: 'trusted_proxy', default: [], valid: isCidr,
    help: 'believe forwarded headers from here; may be given several times', accepts: 'an address or a network such as 10.0.0.0/8',
  },
  {
    key: 'allowedHosts', flag: 'allowed-host', kind: 'list', value: 'NAME', env: 'MANTOU_ALLOWED_HOST',
    toml: 'allowed_host', default: [], valid: hostname,
    help: 'another host name under which the panel may be opened; may be given several times', accepts: 'a host name',
  },
  {
    key: 'releaseUrl', flag: 'release-url', kind: 'text', value: 'URL', env: 'MANTOU_RELEASE_URL', toml: 'release_url',
    help: 'where a newer panel is announced, asked only when Settings allow it',
    accepts: 'an https:// address that answers {"version": "1.2.3", "url": "https://…"}',
    valid: (v) => URL.canParse(v) && new URL(v).protocol === 'https:' && !new URL(v).username,
  },
  portableOption,
  {
    key: 'demo', flag: 'demo', kind: 'switch', env: 'MANTOU_DEMO', default: false,
    help: 'a made-up machine to click through; touches nothing', accepts: 'true or false',
  },
];
