import { expect } from 'bun:test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actOnStack, removeStack, scaleStack } from '../../src/core/stacks/act.ts';
import { createStack, saveStack } from '../../src/core/stacks/change.ts';
import { deployStack } from '../../src/core/stacks/deploy.ts';
import { getStack } from '../../src/core/stacks/stacks.ts';
import { en } from '../../src/i18n/en.ts';
import { FOREVER, refused, stackTests } from '../support/stacks.ts';

/** What somebody may start who may not make containers. */
stackTests('sp', (it, kit) => {
  it('S18 who is no administrator starts what an administrator wrote, unless it gives more than a container has', async () => {
    const stack = kit.name();
    const operator = kit.actor('operator');
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER, '    volumes: ["./data:/data"]\n'), env: '' });
    expect((await kit.ended(await actOnStack(kit.panel.app, operator, stack, 'up'))).state).toBe('done');
    for (const refusedCall of [deployStack(kit.panel.app, operator, stack, null), actOnStack(kit.panel.app, operator, stack, 'down'), removeStack(kit.panel.app, operator, stack, { volumes: false }), createStack(kit.panel.app, operator, { name: kit.name(), compose: kit.service(FOREVER), env: '' })]) {
      expect((await refused(refusedCall)).code).toBe('denied');
    }
    for (const more of ['privileged: true', 'network_mode: host', 'pid: host', 'ipc: host', 'cap_add: [SYS_ADMIN]', 'devices: ["/dev/null:/dev/null"]', 'volumes: ["/etc:/host:ro"]', 'volumes: ["/var/run/docker.sock:/s"]', 'volumes: ["./..:/up"]', 'security_opt: ["seccomp:unconfined"]']) {
      await saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, () => kit.service(FOREVER, `    ${more}\n`)));
      const error = await refused(actOnStack(kit.panel.app, operator, stack, 'up'));
      expect([more, error.code, error.say(en).startsWith('Only administrators may start this stack: web: ')]).toEqual([more, 'denied', true]);
    }
  });

  it('S18 files that change after the button was pressed are judged again before they are started', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const { files } = await getStack(kit.panel.app, kit.admin, stack);
    for (const press of [() => actOnStack(kit.panel.app, kit.actor('operator'), stack, 'up'), () => scaleStack(kit.panel.app, kit.actor('operator'), stack, { service: 'web', count: 1 })]) {
      writeFileSync(files[0]!, kit.service(FOREVER));
      const id = await press();
      writeFileSync(files[0]!, kit.service(FOREVER, '    privileged: true\n'));
      const { state, error } = await kit.ended(id);
      expect([state, error?.en]).toEqual(['failed', expect.stringContaining('web: privileged')]);
    }
    expect((await getStack(kit.panel.app, kit.admin, stack)).containers).toEqual([]);
  });

  it('S18 a volume whose name is a folder of the host is that folder', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: `${kit.service(FOREVER, '    volumes: ["etc:/host"]\n')}volumes:\n  etc: {name: /etc}\n`, env: '' });
    const error = await refused(actOnStack(kit.panel.app, kit.actor('operator'), stack, 'up'));
    expect([error.code, error.say(en)]).toEqual(['denied', 'Only administrators may start this stack: volumes: etc: name /etc.']);
  });

  it('S18 a container tells Compose nothing by files in its own volume, nor learns what a link there leads to', async () => {
    const operator = kit.actor('operator');
    for (const [beside, more] of [
      ['', '    env_file: data/app.env\n'], ['', '    env_file: ["./data/../data/app.env"]\n'], ['A=data\n', '    env_file: "$A/app.env"\n'], ['', '    extends: {file: data/part.yml, service: x}\n'], ['', '    extends: {file: conf/part.yml, service: x}\n'],
    ] as const) {
      const stack = kit.name();
      await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: beside });
      const { folder, files } = await getStack(kit.panel.app, kit.admin, stack);
      for (const name of ['data', 'conf']) mkdirSync(`${folder!}/${name}`);
      symlinkSync('/etc/os-release', `${folder!}/data/app.env`);
      writeFileSync(`${folder!}/data/part.yml`, 'services:\n  x:\n    env_file: /etc/os-release\n');
      writeFileSync(`${folder!}/conf/part.yml`, 'services:\n  x:\n    env_file: ../data/app.env\n');
      writeFileSync(files[0]!, kit.service(FOREVER, `    volumes: ["./data:/data"]\n${more}`));
      const error = await refused(actOnStack(kit.panel.app, operator, stack, 'up'));
      expect([more, error.code, error.say(en)]).toEqual([more, 'denied', expect.stringMatching(/^Only administrators may start this stack: files: .* in a volume\.$/)]);
      // Other runs of the tool would warn of it: they go without.
      expect([more, (await refused(actOnStack(kit.panel.app, operator, stack, 'pull'))).code]).toEqual([more, 'denied']);
      const stopped = await kit.ended(await actOnStack(kit.panel.app, operator, stack, 'stop'));
      expect([stopped.state, stopped.log]).toEqual(['done', expect.stringContaining('without its files')]);
      // Not a line of what cannot be read as variables is told.
      writeFileSync(`${folder!}/.env`, 'root:$6$secret:1:\n');
      writeFileSync(files[0]!, kit.service(FOREVER, '    imge: x\n'));
      const fault = await refused(actOnStack(kit.panel.app, operator, stack, 'up'));
      expect([fault.code, fault.detail ?? '']).toEqual(['invalid', '']);
    }
  });

  it('S18 S19 whose files lie elsewhere is stopped without them by who is no administrator: a container may have written them', async () => {
    const stack = kit.name();
    const folder = kit.folder();
    const operator = kit.actor('operator');
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, kit.service(FOREVER, '    volumes: [".:/app"]\n'));
    kit.compose(folder, '-p', stack, 'up', '-d');
    writeFileSync(join(folder, 'shadow'), 'root:$canary$x:1:\n');
    writeFileSync(file, kit.service(FOREVER, '    env_file: shadow\n'));
    expect((await refused(actOnStack(kit.panel.app, operator, stack, 'pull'))).code).toBe('denied');
    const { state, log } = await kit.ended(await actOnStack(kit.panel.app, operator, stack, 'stop'));
    expect([state, log]).toEqual(['done', expect.not.stringContaining('canary')]);
    expect((await getStack(kit.panel.app, kit.admin, stack)).state).toBe('stopped');
  });
});
