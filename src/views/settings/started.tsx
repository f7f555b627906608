import { Kv } from '../parts/kv.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

export interface Started {
  address: string;
  tls: boolean;
  certificate: { fingerprint: string; notAfter: number; selfSigned: boolean } | null;
  dataDir: string;
  configFile: string;
  /** Is that file there? */
  configured: boolean;
  proxies: readonly string[];
  hosts: readonly string[];
  demo: boolean;
  portable: boolean;
  since: number;
}

/** What was given at the start: shown, not changed here. */
export function StartedSection({ ui, started }: { ui: Ui; started: Started }) {
  const t = ui.t.settings.started;
  const { certificate } = started;
  const list = (items: readonly string[]) => (items.length ? <code>{ui.fmt.list(items)}</code> : t.none);
  return (
    <Section id="started" title={t.title} note={t.note}>
      <Kv
        rows={[
          [t.address, <code>{started.address}</code>],
          [t.tls, started.tls ? t.tlsOn : t.tlsOff],
          [
            t.certificate,
            certificate ? (
              <>
                {ui.fmt.list([certificate.selfSigned ? t.selfSigned : t.ownCertificate, t.validUntil({ date: ui.fmt.date(certificate.notAfter) })])}
                <br />
                <code class="xs">{certificate.fingerprint}</code>
              </>
            ) : null,
          ],
          [t.dataDir, <code>{started.dataDir}</code>],
          [t.configFile, <><code>{started.configFile}</code>{started.configured ? null : <span class="muted"> ({t.configMissing})</span>}</>],
          [t.proxies, list(started.proxies)],
          [t.hosts, list(started.hosts)],
          [t.mode, ui.fmt.list([...(started.demo ? [t.demo] : []), ...(started.portable ? [t.portable] : [])])],
          [t.since, <DateTime ui={ui} at={started.since} />],
        ]}
      />
    </Section>
  );
}
