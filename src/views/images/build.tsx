import type { FormState } from '../../http/form.ts';
import { FolderChooser, type Choosing } from '../files/operations/chooser.tsx';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { PasswordField } from '../parts/password.tsx';
import { Section } from '../parts/section.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

interface BuildProps extends FormState {
  ui: Ui;
  choosing: Choosing;
}

const SOURCES = ['folder', 'git'] as const;

/** From what, as what, and how; the rest has defaults. Which source is chosen shows its fields, without JavaScript too (docker.css). */
export function BuildPage({ ui, choosing, values, errors }: BuildProps) {
  const t = ui.t.imageBuild;
  const source = values.source === 'git' ? 'git' : 'folder';
  return (
    <Layout ui={ui} title={t.title} styles={['css/docker.css', 'css/files.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: ui.t.images.title }]} title={t.title} />
      <form method="post" action="/images/build" class="build-form" autocomplete="off">
        <FormErrors ui={ui} errors={errors} />
        <Section id="source" title={t.source}>
          <div class="form">
            <SegField name="source" label={t.source} value={source} choices={SOURCES.map((value) => ({ value, label: t.sources[value] }))} hideLabel />
            <div data-source="folder">
              <FolderChooser ui={ui} choosing={choosing} error={errors.to} use="build" />
            </div>
            <Git ui={ui} values={values} errors={errors} />
          </div>
        </Section>
        <Section id="image" title={t.image}>
          <div class="form">
            <Text ui={ui} values={values} errors={errors} name="tags" rows={2} required placeholder="acme/shop:1.2" />
            <Text ui={ui} values={values} errors={errors} name="dockerfile" placeholder="Dockerfile" />
          </div>
        </Section>
        <Section id="more" title={t.more}>
          <div class="form">
            <Text ui={ui} values={values} errors={errors} name="args" rows={3} optional />
            <Text ui={ui} values={values} errors={errors} name="target" optional />
            <Text ui={ui} values={values} errors={errors} name="platform" optional placeholder="linux/amd64" />
            <Option name="pull" label={t.pull} note={t.pullNote} checked={values.pull === 'on'} />
            <Option name="noCache" label={t.noCache} note={t.noCacheNote} checked={values.noCache === 'on'} />
          </div>
        </Section>
        <div class="savebar">
          <div class="btns push">
            <button class="btn primary">{t.submit}</button>
          </div>
        </div>
      </form>
    </Layout>
  );
}

type Name = 'tags' | 'dockerfile' | 'args' | 'target' | 'platform' | 'url' | 'ref' | 'folder' | 'user';

interface TextProps extends FormState {
  ui: Ui;
  name: Name;
  rows?: number;
  required?: boolean;
  optional?: boolean;
  placeholder?: string;
}

function Text({ ui, values, errors, name, ...more }: TextProps) {
  const t = ui.t.imageBuild;
  const hint = name === 'user' || name === 'folder' ? undefined : t[`${name}Hint`];
  return <Field ui={ui} name={name} label={t[name]} mono value={values[name] ?? ''} {...(hint ? { hint } : {})} {...(errors[name] ? { error: errors[name] } : {})} {...more} />;
}

function Git({ ui, values, errors }: { ui: Ui } & FormState) {
  const t = ui.t.imageBuild;
  return (
    <div data-source="git" class="form">
      <Text ui={ui} values={values} errors={errors} name="url" placeholder="https://github.com/acme/shop.git" />
      <Text ui={ui} values={values} errors={errors} name="ref" optional placeholder="main" />
      <Text ui={ui} values={values} errors={errors} name="folder" optional />
      <details open={Boolean(values.user || errors.user || errors.password)}>
        <summary>{t.access}</summary>
        <div class="form">
          <Text ui={ui} values={values} errors={errors} name="user" optional />
          <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" hint={t.passwordHint} {...(errors.password ? { error: errors.password } : {})} optional />
        </div>
      </details>
    </div>
  );
}
