import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';

/**
 * The same file with what this service publishes of that port kept to the machine; everything else stays letter for letter.
 * null: nothing in it publishes the port, or it says so in a way that is not understood here.
 */
export function localInCompose(text: string, service: string, port: { container: number; host: number; protocol: 'tcp' | 'udp' }): { text: string; line: number } | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const ports = document.getIn(['services', service, 'ports'], true);
  if (document.errors.length > 0 || !isSeq(ports)) return null;
  const edits: { at: number; until: number; put: string }[] = [];
  for (const item of ports.items) {
    if (isScalar(item) && item.range) {
      const put = shortForm(String(item.source ?? item.value), port);
      // Quoted, whatever it was: YAML reads 22:22 as a number to the base of sixty.
      if (put) edits.push({ at: item.range[0], until: item.range[1], put: `"${put}"` });
    } else if (isMap(item)) {
      const of = (key: string) => item.get(key, true) as Scalar | undefined;
      const value = (key: string) => String(of(key)?.value ?? '');
      if (value('target') !== String(port.container) || (value('protocol') || 'tcp') !== port.protocol) continue;
      const [address, target] = [of('host_ip'), of('target')];
      if (address?.range) edits.push({ at: address.range[0], until: address.range[1], put: '127.0.0.1' });
      else if (target?.range) {
        const begun = text.lastIndexOf('\n', target.range[0]) + 1;
        const lead = text.slice(begun, text.indexOf('target', begun)).replace('-', ' ');
        if (!item.flow) edits.push({ at: target.range[1], until: target.range[1], put: `\n${lead}host_ip: 127.0.0.1` });
        else edits.push({ at: target.range[1], until: target.range[1], put: ', host_ip: 127.0.0.1' });
      }
    }
  }
  if (edits.length === 0) return null;
  const changed = edits.toSorted((a, b) => b.at - a.at).reduce((now, { at, until, put }) => now.slice(0, at) + put + now.slice(until), text);
  return { text: changed, line: lines.linePos(Math.min(...edits.map(({ at }) => at))).line };
}

/** `6379:6379`, `0.0.0.0:6379:6379/tcp`, `${PORT:-6379}:6379`, `[::]:6379:6379` → `127.0.0.1:6379:6379`; null: it is another port, or closed already. */
function shortForm(text: string, { container, host, protocol }: { container: number; host: number; protocol: string }): string | null {
  const plain = text.replace(/^(["'])(.*)\1$/, '$2');
  const found = /^(?:(\[[^\]]*\]|\d+(?:\.\d+){3}):)?(?:((?:\$\{[^}]*\}|[^:[\]])*):)?(\d+)(\/(?:tcp|udp))?$/.exec(plain);
  if (!found || Number(found[3]) !== container || (found[4] ?? '/tcp') !== `/${protocol}`) return null;
  const [, address, published = String(host), , suffix = ''] = found;
  if (address && !['0.0.0.0', '[::]'].includes(address)) return null;
  return `127.0.0.1:${published}:${container}${suffix}`;
}
