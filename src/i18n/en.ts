import { dashboard } from './en/dashboard.ts';
import { processes } from './en/processes.ts';
import { notices } from './en/notices.ts';
import { power } from './en/power.ts';
import { parts } from './en/parts.ts';
import { errors } from './en/errors.ts';
import { start } from './en/start.ts';
import { storage } from './en/storage.ts';
import { audit } from './en/audit.ts';
import { certificate } from './en/certificate.ts';
import { commands } from './en/commands.ts';
import { doctor } from './en/doctor.ts';
import { service } from './en/service.ts';
import { settings } from './en/settings.ts';
import { about } from './en/about.ts';
import { docs } from './en/docs.ts';
import { tasks } from './en/tasks.ts';
import { account } from './en/account.ts';
import { signIn } from './en/sign-in.ts';
import { users } from './en/users.ts';
import { setup } from './en/setup.ts';
import { shell } from './en/shell.ts';

/** Every text people see, in English. This object is the type that the other languages must have. */
export const en = {
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

export type Messages = typeof en;
