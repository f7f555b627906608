import type { Messages } from './en.ts';
import { dashboard } from './zh-CN/dashboard.ts';
import { processes } from './zh-CN/processes.ts';
import { notices } from './zh-CN/notices.ts';
import { power } from './zh-CN/power.ts';
import { parts } from './zh-CN/parts.ts';
import { errors } from './zh-CN/errors.ts';
import { start } from './zh-CN/start.ts';
import { storage } from './zh-CN/storage.ts';
import { audit } from './zh-CN/audit.ts';
import { certificate } from './zh-CN/certificate.ts';
import { commands } from './zh-CN/commands.ts';
import { doctor } from './zh-CN/doctor.ts';
import { service } from './zh-CN/service.ts';
import { settings } from './zh-CN/settings.ts';
import { about } from './zh-CN/about.ts';
import { docs } from './zh-CN/docs.ts';
import { tasks } from './zh-CN/tasks.ts';
import { account } from './zh-CN/account.ts';
import { signIn } from './zh-CN/sign-in.ts';
import { users } from './zh-CN/users.ts';
import { setup } from './zh-CN/setup.ts';
import { shell } from './zh-CN/shell.ts';

/** Every text people see, in Simplified Chinese. A key that is missing or extra does not compile. */
export const zhCN: Messages = {
  errors,
  start,
  storage,
  audit,
  certificate,
  commands,
  doctor,
  service,
  settings,
  about,
  docs,
  tasks,
  account,
  signIn,
  users,
  setup,
  shell,
  dashboard,
  processes,
  notices,
  power,
  parts,
};
