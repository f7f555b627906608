import type { SshHostKey, SshPerson } from '../../platform/ssh-server.ts';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

/** Who may sign in, by what they have. */
export function People({ ui, people }: { ui: Ui; people: readonly SshPerson[] }) {
  const t = ui.t.sshServer;
  return (
    <Section id="ssh-people" title={t.sections.people} flush>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t.account}</th>
            <th scope="col">{t.admin}</th>
            <th scope="col" class="num">{t.keysOf}</th>
            <th scope="col">{t.password}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr>
              <td>{one.name}</td>
              <td>{one.admin ? t.on : t.off}</td>
              <td class="num">{ui.fmt.number(one.keys)}</td>
              <td>{one.password ? t.on : t.off}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** What clients compare when they connect for the first time. */
export function HostKeys({ ui, keys }: { ui: Ui; keys: readonly SshHostKey[] }) {
  const t = ui.t.sshServer;
  return (
    <Section id="ssh-keys" title={t.sections.keys} flush={keys.length > 0}>
      {keys.length === 0 ? <p class="small soft">{t.noKeys}</p> : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t.type}</th>
              <th scope="col" class="num mid">{t.bits}</th>
              <th scope="col">{t.fingerprint}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map(({ type, bits, fingerprint }) => (
              <tr>
                <td>{type}</td>
                <td class="num mid">{bits}</td>
                <td><code class="xs ssh-fingerprint">{fingerprint}</code></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
