import type { Ui } from '../ui.ts';

/** Of the panel's own certificate, below the forms that take passwords: the person can see whom they are talking to. */
export function Fingerprint({ ui, certificate }: { ui: Ui; certificate: { fingerprint: string; selfSigned: boolean } | null }) {
  if (!certificate?.selfSigned) return null;
  const bytes = certificate.fingerprint.split(':');
  const short = bytes.length > 8 ? `${bytes.slice(0, 4).join(':')} … ${bytes.slice(-2).join(':')}` : certificate.fingerprint;
  return (
    <>
      <span>
        {ui.t.signIn.fingerprint} <code title={certificate.fingerprint}>{short}</code>
      </span>
      <span>{ui.t.signIn.compare}</span>
    </>
  );
}
