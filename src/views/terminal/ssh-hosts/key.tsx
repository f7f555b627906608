import type { SshHost } from '../../../core/terminal/ssh-hosts/hosts.ts';
import { keyChanged, seenKeys, shownKey } from '../../../core/terminal/ssh-hosts/shown-key.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Field } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Kv } from '../../parts/kv.tsx';
import { Section } from '../../parts/section.tsx';
import { DateTime } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { SshHostCrumbs } from './form.tsx';

export interface HostKeyPageProps {
  ui: Ui;
  host: SshHost;
  /** The host that is connected to once this key is pinned: itself, or one behind it; null: none. */
  next: SshHost | null;
  /** Id of the container engine that is reached by it, and tried once the key is pinned; ''. */
  engine: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

/** What is pinned for a host, what it shows, and the decision of a person between the two. */
export function HostKeyPage(props: HostKeyPageProps) {
  const { ui, host, errors } = props;
  const t = ui.t.sshHosts;
  return (
    <Layout ui={ui} title={t.keyOf({ name: host.name })} styles={['css/ssh-hosts.css']}>
      <SshHostCrumbs ui={ui} title={t.keyOf({ name: host.name })} />
      <State {...props} />
      {Object.keys(errors).length > 0 ? (
        <div class="section">
          <FormErrors ui={ui} errors={errors} />
        </div>
      ) : null}
      <Offered {...props} />
      {host.pinnedKeys.length > 0 ? (
        <Section id="pinned" title={t.pinned}>
          <Keys ui={ui} keys={host.pinnedKeys} label={t.keyPinned} at={host.pinnedAt} />
        </Section>
      ) : null}
      <Own {...props} />
    </Layout>
  );
}

function State({ ui, host }: HostKeyPageProps) {
  const t = ui.t.sshHosts;
  if (keyChanged(host)) return <Banner ui={ui} tone="danger" title={t.keyChanged} text={t.keyChangedText} alert />;
  if (host.pinnedKeys.length === 0) return <Banner ui={ui} tone="warn" title={t.keyFirst} text={t.keyFirstText} />;
  return host.offeredKeys.length > 0 ? <Banner ui={ui} tone="ok" text={t.keySame} /> : null;
}

function Keys({ ui, keys, label, at }: { ui: Ui; keys: readonly string[]; label: string; at: number | null }) {
  const t = ui.t.sshHosts;
  const rows = keys.map(shownKey).flatMap(({ type, fingerprint }) => [[t.keyType, <code>{type}</code>] as const, [t.keyPrint, <code class="ssh-print">{fingerprint}</code>] as const]);
  return <Kv rows={[...rows, [label, at === null ? '' : <DateTime ui={ui} at={at} />]]} />;
}

function Offered(props: HostKeyPageProps) {
  const { ui, host, next } = props;
  const t = ui.t.sshHosts;
  const offered = host.offeredKeys;
  const same = offered.length > 0 && offered.every((key) => host.pinnedKeys.includes(key));
  const changed = keyChanged(host);
  return (
    <Section id="offered" title={t.offered} note={t.keyNote}>
      <div class="stack">
        {next && next.id !== host.id ? <p class="small soft">{t.keyJump({ name: next.name })}</p> : null}
        {offered.length > 0 ? <Keys ui={ui} keys={offered} label={t.keySeen} at={host.offeredAt} /> : <p class="small soft">{t.notOffered}</p>}
        {offered.length > 0 && !same ? (
          <form class="form ssh-form" method="post" action={`/terminal/hosts/${host.id}/key`}>
            <input type="hidden" name="seen" value={seenKeys(offered)} />
            <Back {...props} />
            {changed ? <ConfirmName ui={ui} name={host.name} id="f-confirm" error={entered(props) ? undefined : props.errors.confirm} /> : null}
            <div class="btns">
              <button class={changed ? 'btn danger primary' : 'btn primary'} type="submit">
                {changed ? t.pinInstead : next ? t.pinConnect : t.pin}
              </button>
              <button class="btn" type="submit" formaction={`/terminal/hosts/${host.id}/look`} formnovalidate>
                {t.lookAgain}
              </button>
            </div>
          </form>
        ) : (
          <form method="post" action={`/terminal/hosts/${host.id}/look`}>
            <Back {...props} />
            <button class="btn" type="submit">
              {offered.length > 0 ? t.lookAgain : t.look}
            </button>
          </form>
        )}
      </div>
    </Section>
  );
}

/** Where it goes on. */
const Back = ({ next, engine }: HostKeyPageProps) => (
  <>
    <input type="hidden" name="for" value={next?.id ?? ''} />
    <input type="hidden" name="engine" value={engine} />
  </>
);

/** The key from the host itself: for whoever has it, and where a jump host lets nobody look without a person. */
function Own(props: HostKeyPageProps) {
  const { ui, host, values, errors } = props;
  const t = ui.t.sshHosts;
  return (
    <Section id="own" title={t.ownTitle} note={t.ownNote}>
      <form class="form ssh-form" method="post" action={`/terminal/hosts/${host.id}/key`} autocomplete="off">
        <Back {...props} />
        <Field ui={ui} name="hostKey" label={t.hostKey} rows={3} value={values.hostKey} hint={t.hostKeyHint} error={errors.hostKey} mono maxlength={8192} required />
        {host.pinnedKeys.length > 0 ? <ConfirmName ui={ui} name={host.name} id="f-own-confirm" error={entered(props) ? errors.confirm : undefined} /> : null}
        <div class="btns">
          <button class="btn" type="submit">
            {t.ownPin}
          </button>
        </div>
      </form>
    </Section>
  );
}

/** Was it the form below that was sent? */
const entered = ({ values }: HostKeyPageProps) => Boolean(values.hostKey);

/** confirm.js arms the button when the name is there. */
const ConfirmName = ({ ui, name, id, error }: { ui: Ui; name: string; id: string; error: string | undefined }) => (
  <Field ui={ui} id={id} name="confirm" label={ui.t.sshHosts.typeName({ name })} error={error} mono maxlength={64} attrs={{ 'data-confirm': name }} />
);

/** On the page of a host. */
export function KeySection({ ui, host }: { ui: Ui; host: SshHost }) {
  const t = ui.t.sshHosts;
  return (
    <Section id="key" title={t.key} note={t.keyNote}>
      <div class="stack">
        {host.pinnedKeys.length > 0 ? <Keys ui={ui} keys={host.pinnedKeys} label={t.keyPinned} at={host.pinnedAt} /> : <p class="small soft">{t.notPinned}</p>}
        <div class="btns">
          <a class="btn" href={`/terminal/hosts/${host.id}/key`}>
            {t.showKey}
          </a>
        </div>
      </div>
    </Section>
  );
}
