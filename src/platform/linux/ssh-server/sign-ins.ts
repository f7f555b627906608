/**
 * Lines of sshd:
 *
 *     Accepted publickey for root from 10.0.0.2 port 50000 ssh2: ED25519 SHA256:…
 *     Failed password for invalid user admin from 203.0.113.9 port 4711 ssh2
 *     Invalid user admin from 203.0.113.9 port 4711
 *     Connection closed by authenticating user root 203.0.113.9 port 4711 [preauth]
 *
 * Somebody with a wrong name is told of twice: only what ended an attempt counts.
 */
export function parseSignIns(text: string): { accepted: number; refused: number } {
  let accepted = 0;
  let refused = 0;
  for (const line of text.split('\n')) {
    if (/^Accepted \S+ for /.test(line)) accepted++;
    else if (/^Failed \S+ for |^Connection (closed|reset) by (authenticating|invalid) user /.test(line)) refused++;
  }
  return { accepted, refused };
}
