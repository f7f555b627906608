import { Layout } from '../../src/views/layout.tsx';
import { Banner } from '../../src/views/parts/banner.tsx';
import { CopyButton, Secret } from '../../src/views/parts/copy.tsx';
import { ConfirmDialog, Dialog, closes, opens } from '../../src/views/parts/dialog.tsx';
import { Empty, ErrorState, NoPermission } from '../../src/views/parts/empty.tsx';
import { Field } from '../../src/views/parts/field.tsx';
import { FormErrors } from '../../src/views/parts/form-errors.tsx';
import { ICONS, Icon } from '../../src/views/parts/icon.tsx';
import { Kv } from '../../src/views/parts/kv.tsx';
import { Dot, Tag } from '../../src/views/parts/mark.tsx';
import { Menu } from '../../src/views/parts/menu.tsx';
import { Gauge, Meter, Micro } from '../../src/views/parts/meter.tsx';
import { Option, Switch } from '../../src/views/parts/option.tsx';
import { PageHead } from '../../src/views/parts/page-head.tsx';
import { PasswordField } from '../../src/views/parts/password.tsx';
import { Progress } from '../../src/views/parts/progress.tsx';
import { Section } from '../../src/views/parts/section.tsx';
import { Select } from '../../src/views/parts/select.tsx';
import { Skeleton, SkeletonRows } from '../../src/views/parts/skeleton.tsx';
import { Steps } from '../../src/views/parts/steps.tsx';
import { Filter, Pager, SortHead, Toolbar } from '../../src/views/parts/table.tsx';
import { Seg, SegField, Tabs } from '../../src/views/parts/tabs.tsx';
import { DateTime, Time } from '../../src/views/parts/time.tsx';
import { Toast } from '../../src/views/parts/toast.tsx';
import { Tray } from '../../src/views/parts/tray.tsx';
import type { Ui } from '../../src/views/ui.ts';

const LONG = 'a-process-name-that-is-quite-a-bit-longer-than-anything-a-table-was-drawn-for --with=flags';

/** Every part in every state, inside the real shell. What looks wrong here looks wrong everywhere. */
export function Gallery({ ui }: { ui: Ui }) {
  return (
    <Layout ui={ui} title="Gallery" styles={['css/chart.css', 'css/code.css']}>
      <PageHead
        title="Gallery"
        facts={['Debian 12.7', 'up 41 days']}
        middle={
          <Seg
            ui={ui}
            label="Range"
            push
            tabs={[
              { href: '?r=live', label: <Dot state="busy">Live</Dot>, current: true },
              { href: '?r=1h', label: '1 h' },
              { href: '?r=24h', label: '24 h' },
              { href: '?r=7d', label: '7 d', desktop: true },
            ]}
          />
        }
      >
        <Menu ui={ui} id="restart-menu" label="Restart" icon="power">
          <button type="button" {...opens('mild')}>
            <Icon ui={ui} name="refresh" />
            Restart panel…
          </button>
          <hr />
          <button type="button" class="danger" {...opens('typed')}>
            <Icon ui={ui} name="power" />
            Restart server…
          </button>
        </Menu>
        <button class="btn primary" type="button" {...opens('form-dialog')}>
          <Icon ui={ui} name="plus" />
          <span class="desktop">Add user…</span>
        </button>
      </PageHead>
      <Banners ui={ui} />
      <div class="panes of-3">
        <FormPane ui={ui} />
        <ControlsPane ui={ui} />
        <ProgressPane ui={ui} />
      </div>
      <div class="panes of-3">
        <section class="flush" aria-label="Empty">
          <Empty
            ui={ui}
            icon="tasks"
            title="No tasks yet"
            text="Updates, backups and installs run as tasks. What you start shows here."
          >
            <button class="btn primary" type="button">
              <Icon ui={ui} name="plus" />
              Start one
            </button>
          </Empty>
        </section>
        <section class="flush" aria-label="No permission">
          <NoPermission ui={ui} />
        </section>
        <section class="flush" aria-label="Error">
          <ErrorState
            ui={ui}
            title="Could not read the container list"
            text="Docker is not running on hk-01."
            detail={'dial unix /var/run/docker.sock:\nconnect: connection refused'}
          >
            <button class="btn primary" type="button">
              {ui.t.parts.tryAgain}
            </button>
          </ErrorState>
        </section>
      </div>
      <ChartsPane />
      <TablePane ui={ui} />
      <div class="panes of-3">
        <ListsPane ui={ui} />
        <StepsPane ui={ui} />
      </div>
      <LogPane />
      <Section id="icons" title="Icons">
        <div class="btns">
          {ICONS.map((name) => (
            <span title={name}>
              <Icon ui={ui} name={name} size="lg" />
            </span>
          ))}
        </div>
      </Section>
      <Dialogs ui={ui} />
      <template id="toast-samples">
        <Toast ui={ui} title="Moved 3 files to trash">
          <button class="btn ghost sm" type="button">
            Undo
          </button>
        </Toast>
        <Toast ui={ui} tone="danger" title="shop-worker did not start" text="Port 9000 is already used by minio">
          <button class="btn ghost sm" type="button">
            Log
          </button>
        </Toast>
      </template>
    </Layout>
  );
}

function Banners({ ui }: { ui: Ui }) {
  return (
    <>
      <Banner
        ui={ui}
        tone="danger"
        title="The disk /srv is full."
        text="Nothing can be written there; 2.1 GB are missing."
      >
        <button class="btn" type="button">
          Show files
        </button>
      </Banner>
      <Banner
        ui={ui}
        title="Mantou 0.9.3 is ready."
        text="The panel restarts in about 2 seconds; your sites keep running."
      >
        <a class="link" href="#main">
          What changed
        </a>
        <button class="btn" type="button">
          Update panel
        </button>
      </Banner>
      <Banner ui={ui} tone="warn" title="Rule armed." text="It is taken back in 48 s unless you keep it.">
        <button class="btn" type="button">
          Keep
        </button>
        <progress max={60} value={48} aria-label="Seconds left"></progress>
      </Banner>
      <section class="section slim" aria-label="Needs attention">
        <ul class="rows">
          <li data-tone="warn">
            <Icon ui={ui} name="warning" />
            <span class="grow">
              Certificate for <b>shop.example.com</b> expires in 6 days; the last renewal failed at the DNS step
            </span>
            <a class="link" href="#main">
              Renew now
            </a>
          </li>
        </ul>
      </section>
    </>
  );
}

function FormPane({ ui }: { ui: Ui }) {
  return (
    <Section id="form" title="Form with errors" pane>
      <form class="stack" method="post" action="/gallery">
        <FormErrors ui={ui} errors={{ domain: 'Domain has a space in it', port: 'Port is taken by mariadb' }} />
        <Field
          ui={ui}
          name="domain"
          label="Domain"
          mono
          value="shop example.com"
          error="Remove the space, or separate two names with a comma."
        />
        <Field
          ui={ui}
          name="port"
          label="Port"
          mono
          before="127.0.0.1:"
          value="3306"
          error="3306 is used by mariadb (pid 1877). 3307 is free."
        />
        <Field ui={ui} name="note" label="Note" optional placeholder="Why this exists" hint="Shown in the list." />
        <Field ui={ui} name="keep" label="Keep samples" type="number" value={15} after="days" />
        <PasswordField
          ui={ui}
          name="password"
          label="Password"
          autocomplete="new-password"
          hint="At least 12 characters."
          optional
        />
        <Select
          ui={ui}
          name="role"
          label="Role"
          value="operator"
          choices={[
            { value: 'viewer', label: 'Viewer' },
            { value: 'operator', label: 'Operator' },
          ]}
        />
        <Field ui={ui} name="reason" label="Reason" rows={3} value={'line one\nline two'} />
      </form>
    </Section>
  );
}

function ControlsPane({ ui }: { ui: Ui }) {
  return (
    <Section
      id="controls"
      title="Controls"
      note="quiet words"
      end={
        <a class="link xs" href="#main">
          All 214
        </a>
      }
      pane
    >
      <div class="stack">
        <div class="btns">
          <button class="btn primary" type="button">
            Save
          </button>
          <button class="btn" type="button">
            Cancel
          </button>
          <button class="btn ghost" type="button">
            Discard
          </button>
        </div>
        <div class="btns">
          <button class="btn danger primary" type="button">
            Delete site
          </button>
          <button class="btn danger" type="button">
            Remove…
          </button>
          <button class="btn ghost danger" type="button">
            Delete
          </button>
        </div>
        <div class="btns">
          <button class="btn" type="button" aria-busy="true">
            <Icon ui={ui} name="refresh" />
            Testing…
          </button>
          <button class="btn primary" type="button" aria-busy="true">
            Saving…
          </button>
          <button class="btn" type="button" disabled>
            Unavailable
          </button>
          <Menu ui={ui} id="more-menu" label={ui.t.parts.more} icon="more" iconOnly>
            <h3>shop-web</h3>
            <a href="#main">
              <Icon ui={ui} name="edit" />
              Edit
            </a>
            <button type="button" class="danger">
              <Icon ui={ui} name="trash" />
              Delete…
            </button>
          </Menu>
          <button class="btn sm" type="button">
            <Icon ui={ui} name="play" />
            Small
          </button>
          <CopyButton ui={ui} text="copied text" />
        </div>
        <Option name="a" label="Off" />
        <Option name="b" label="On" checked note="What it means, in one line." />
        <Option name="c" kind="radio" value="1" label="One" checked />
        <Option name="c" kind="radio" value="2" label="Two" disabled />
        <Switch name="d" label="Check for updates" note="Asks github.com once a day." />
        <Switch name="e" label="Keep history" checked />
        <SegField
          name="f"
          label="Density"
          value="b"
          choices={[
            { value: 'a', label: 'Compact' },
            { value: 'b', label: 'Normal' },
            { value: 'c', label: 'Cozy' },
          ]}
        />
        <Tabs
          ui={ui}
          label="Parts"
          tabs={[
            { href: '#a', label: 'Profile', current: true, icon: 'user' },
            { href: '#b', label: 'Sessions' },
            { href: '#c', label: 'Tokens' },
          ]}
        />
        <div class="btns">
          <Tag ui={ui}>Draft</Tag>
          <Tag ui={ui} tone="ok">
            Healthy
          </Tag>
          <Tag ui={ui} tone="warn">
            Expires in 6 d
          </Tag>
          <Tag ui={ui} tone="danger">
            Failed
          </Tag>
          <Tag ui={ui} tone="accent">
            New
          </Tag>
        </div>
        <div class="btns small">
          <Dot state="ok">running</Dot>
          <Dot state="busy">starting</Dot>
          <Dot state="warn">unhealthy</Dot>
          <Dot state="fail">failed</Dot>
          <Dot state="off">stopped</Dot>
        </div>
        <Secret ui={ui} id="secret" label="API token" value="mtu_7Jq2sN0vYp4eRk8wZc1tXbA6" />
      </div>
    </Section>
  );
}

function ProgressPane({ ui }: { ui: Ui }) {
  return (
    <Section id="progress" title="Progress and loading" pane>
      <div class="stack">
        <Progress label="Pull" title="Pulling postgres:17.2" figure="142 / 231 MB" value={142} max={231} />
        <Progress label="Copy" title="Copying /srv/media" figure="paused" value={36} max={100} state="paused" />
        <Progress label="Write" title="Writing" figure="failed" value={70} max={100} state="failed" />
        <Progress label="Check" title="Checking 214 files" />
        <Gauge
          title="/srv"
          figure={
            <>
              412 <span class="muted">/ 500 GB</span>
            </>
          }
          label="/srv"
          value={82}
          note="vdb1 · xfs · full in about 18 days"
        />
        <Meter label="very high" value={96} />
        <Skeleton ui={ui} />
        <Kv
          rows={[
            ['OS', 'Debian 12.7 (bookworm)'],
            ['Kernel', '6.1.0-25-amd64'],
            ['Seen', <Time ui={ui} at={ui.now - 720_000} />],
            ['Made', <DateTime ui={ui} at={ui.now - 9e9} />],
            ['Nothing', null],
            ['Address', '2001:db8:41:aaaa:bbbb:cccc:dddd:eeee'],
          ]}
        />
      </div>
    </Section>
  );
}

const VALUES = [
  19, 20, 19, 21, 23, 18, 13, 19, 17, 15, 22, 25, 24, 37, 51, 63, 54, 27, 22, 24, 28, 32, 29, 33, 27, 19, 24, 31, 35,
  25, 22,
];

function ChartsPane() {
  const points = VALUES.map((v, i) => `${i * 10} ${100 - v}`).join('L');
  return (
    <div class="panes of-4">
      {['CPU', 'Memory', 'Network', 'Disk'].map((name) => (
        <article class="stat">
          <header>
            <h2>{name}</h2>
            <div class="legend">
              <span>in</span>
              <span>out</span>
            </div>
          </header>
          <p class="figures">
            <span>
              12.4<small>Mb/s</small>
            </span>
            <span>
              3.1<small>Mb/s</small>
            </span>
          </p>
          <figure class="chart">
            <svg viewBox="0 0 300 100" preserveAspectRatio="none" role="img" aria-label={`${name}, last 5 minutes`}>
              <line class="rule" x2="300" y1="0" y2="0" />
              <line class="rule" x2="300" y1="50" y2="50" />
              <line class="rule base" x2="300" y1="100" y2="100" />
              <path class="area" d={`M${points}L300 100L0 100z`} />
              <path class="line" d={`M${points}`} />
            </svg>
            <span class="ymax" aria-hidden="true">
              100%
            </span>
            <figcaption class="axis">
              <span>5 min ago</span>
              <span>peak 63%</span>
              <span>now</span>
            </figcaption>
          </figure>
        </article>
      ))}
    </div>
  );
}

const ROWS = [
  ['postgres: shop checkpointer', 1184, 'postgres', 64, '1.9 GB', 'ok'],
  [LONG, 20417, 'app', 92, '612 MB', 'warn'],
  ['一个名字很长的进程用来检查中文在表格里怎样被截断而不会把其他列挤出去', 902, 'www-data', 31, '88 MB', 'fail'],
  ['redis-server *:6379', 1302, 'redis', 18, '341 MB', 'off'],
] as const;

function TablePane({ ui }: { ui: Ui }) {
  return (
    <>
      <Toolbar>
        <form method="get" action="/gallery" role="search">
          <Filter ui={ui} label="Filter by name or user" />
        </form>
        <p class="facts push">
          <span>214 processes</span>
        </p>
      </Toolbar>
      <div class="toolbar selbar">
        <b class="small">2 selected</b>
        <div class="btns">
          <button class="btn sm danger" type="button">
            Stop…
          </button>
        </div>
      </div>
      <table class="table">
        <caption class="vh">Processes</caption>
        <thead>
          <tr>
            <th scope="col" class="pick">
              <input type="checkbox" class="check pick-all" aria-label="All" />
            </th>
            <SortHead ui={ui} column="name" sort="-cpu" href="/gallery?q=x">
              Process
            </SortHead>
            <SortHead ui={ui} column="pid" sort="-cpu" href="/gallery" class="num mid">
              PID
            </SortHead>
            <th scope="col" class="hi">
              User
            </th>
            <SortHead ui={ui} column="cpu" sort="-cpu" href="/gallery" class="fit">
              CPU
            </SortHead>
            <th scope="col" class="fit hi">
              Memory
            </th>
            <th scope="col" class="fit">
              <span class="vh">{ui.t.parts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr class="group">
            <th scope="rowgroup" colspan={7}>
              shop<span class="count">4 processes</span>
            </th>
          </tr>
          {ROWS.map(([name, pid, user, cpu, memory, state], i) => (
            <tr data-href="#main">
              <td class="pick">
                <input type="checkbox" class="check" aria-label={String(pid)} />
              </td>
              <td class="truncate">
                <div class="name">
                  <Dot state={state} />
                  <a href="#main">
                    {name}
                    <small class="only-narrow">
                      {user} · {pid}
                    </small>
                  </a>
                </div>
              </td>
              <td class="num mid quiet">{pid}</td>
              <td class="hi soft nowrap">{user}</td>
              <td>
                <Micro label="CPU" value={cpu}>
                  {ui.fmt.percent(cpu)}
                </Micro>
              </td>
              <td class="hi">
                <Micro label="Memory" value={12}>
                  {memory}
                </Micro>
              </td>
              <td>
                <div class="acts">
                  <button class="btn ghost only sm" type="button" aria-label="Restart">
                    <Icon ui={ui} name="restart" />
                  </button>
                  <Menu ui={ui} id={`row-${i}`} label={ui.t.parts.more} icon="more" iconOnly small>
                    <button type="button" class="danger">
                      <Icon ui={ui} name="stop" />
                      Stop…
                    </button>
                  </Menu>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager ui={ui} href="/gallery?q=x" next="abc" first={false} shown={50} total={1214} byTime />
      <Section id="loading" title="Table on its way" flush>
        <table class="table" aria-busy="true">
          <caption class="vh">{ui.t.parts.loading}</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col" class="num">
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            <SkeletonRows columns={3} rows={3} />
          </tbody>
        </table>
      </Section>
    </>
  );
}

function ListsPane({ ui }: { ui: Ui }) {
  return (
    <Section
      id="events"
      title="Recent events"
      pane="wide"
      end={
        <a class="link xs" href="#main">
          Full log
        </a>
      }
    >
      <ol class="rows">
        <li data-tone="danger">
          <Icon ui={ui} name="cert" />
          <span class="grow">Renewal of shop.example.com failed: TXT record not found</span>
          <Time ui={ui} at={ui.now - 9_000_000} />
        </li>
        <li data-tone="ok">
          <Icon ui={ui} name="archive" />
          <span class="grow">
            Backup “nightly-srv” finished, 18.2 GB in 6 min<small>by the schedule nightly-srv</small>
          </span>
          <Time ui={ui} at={ui.now - 90_000_000} />
        </li>
        <li>
          <Icon ui={ui} name="user" />
          <span class="grow">{LONG}</span>
          <Time ui={ui} at={ui.now - 30_000} />
        </li>
      </ol>
    </Section>
  );
}

function StepsPane({ ui }: { ui: Ui }) {
  return (
    <Section id="steps" title="Steps" pane>
      <Steps
        ui={ui}
        steps={[
          { state: 'done', label: 'Stopped', time: '2 s' },
          { state: 'now', label: 'Moving data', note: '2.1 of 8.0 GB' },
          { state: 'fail', label: 'Checked', note: 'No space left on /srv, 2.1 GB short' },
          { label: 'Started' },
        ]}
      />
    </Section>
  );
}

function LogPane() {
  return (
    <ol class="log" tabindex={0} aria-label="Log">
      <li data-level="info">
        <time>10:41:52.118</time>
        <b>info</b>
        <span>GET /cart 200 in 41 ms</span>
      </li>
      <li data-level="warn">
        <time>10:41:53.007</time>
        <b>warn</b>
        <span>slow query 812 ms: select * from orders where customer_id = $1 order by created_at desc</span>
      </li>
      <li data-level="error">
        <time>10:41:55.820</time>
        <b>error</b>
        <span>payment webhook: signature mismatch for evt_1QK3 (retry 2 of 5 in 30 s)</span>
      </li>
    </ol>
  );
}

function Dialogs({ ui }: { ui: Ui }) {
  return (
    <>
      <ConfirmDialog
        ui={ui}
        id="typed"
        title="Restart hk-01?"
        consequences={[
          { icon: 'globe', text: '9 sites are unreachable for about 40 seconds' },
          { icon: 'container', text: '14 containers stop; 12 start again by themselves, 2 do not' },
          { icon: 'upload', text: '1 upload pauses and resumes afterwards' },
        ]}
        type="hk-01"
        action="/power/reboot"
        submit="Restart server"
      />
      <ConfirmDialog
        ui={ui}
        id="mild"
        title="Restart the panel?"
        text="Pages come back by themselves after about 2 seconds."
        action="/power/restart"
        submit="Restart panel"
        mild
      />
      <Dialog ui={ui} id="form-dialog" title="Add user" text="They sign in with this name and password.">
        <form method="post" action="/users">
          <Field ui={ui} name="name" label="Name" mono autofocus required />
          <PasswordField ui={ui} name="new-password" label="Password" autocomplete="new-password" />
          <div class="btns">
            <button class="btn" type="button" {...closes('form-dialog')}>
              {ui.t.parts.cancel}
            </button>
            <button class="btn primary">Add user</button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** What GET /tasks/tray answers while two tasks run. */
export function GalleryTray({ ui }: { ui: Ui }) {
  return (
    <Tray
      ui={ui}
      title="2 tasks running"
      items={[
        {
          href: '#a',
          title: 'Update packages',
          icon: 'download',
          state: 'running',
          note: 'nginx · 3 of 8',
          progress: 0.4,
        },
        { href: '#b', title: LONG, icon: 'archive', state: 'failed', note: 'No space left on /srv' },
        { href: '#c', title: 'Backup /srv', icon: 'archive', state: 'running', note: 'Reading', progress: null },
      ]}
    />
  );
}
