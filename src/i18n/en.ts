import { dashboard } from './en/dashboard.ts';
import { blocks } from './en/blocks.ts';
import { guard } from './en/guard.ts';
import { armed } from './en/armed.ts';
import { firewall } from './en/firewall.ts';
import { sshServer } from './en/ssh-server.ts';
import { processes } from './en/processes.ts';
import { programs, services } from './en/services.ts';
import { serviceSetup } from './en/service-setup.ts';
import { logs } from './en/logs.ts';
import { exposure } from './en/exposure.ts';
import { container } from './en/container.ts';
import { containerCommit } from './en/container-commit.ts';
import { containerLogs } from './en/container-logs.ts';
import { containerUpdates } from './en/container-updates.ts';
import { containerFiles } from './en/container-files.ts';
import { containerPorts } from './en/container-ports.ts';
import { containers } from './en/containers.ts';
import { containerForm } from './en/container-form.ts';
import { docker } from './en/docker.ts';
import { endpoints } from './en/endpoints.ts';
import { daemon } from './en/daemon.ts';
import { images } from './en/images.ts';
import { imageBuild } from './en/image-build.ts';
import { imageLoad, imagePush } from './en/image-load.ts';
import { registries } from './en/registries.ts';
import { networks } from './en/networks.ts';
import { volumes } from './en/volumes.ts';
import { volumeBackups } from './en/volume-backups.ts';
import { notices } from './en/notices.ts';
import { accounts } from './en/accounts.ts';
import { packages } from './en/packages.ts';
import { system } from './en/system.ts';
import { power } from './en/power.ts';
import { rdp } from './en/rdp.ts';
import { optionalFeatures } from './en/optional-features.ts';
import { scheduledTasks } from './en/scheduled-tasks.ts';
import { registry } from './en/registry.ts';
import { powershell } from './en/powershell.ts';
import { transfers } from './en/transfers.ts';
import { trash } from './en/trash.ts';
import { acl } from './en/acl.ts';
import { modes } from './en/modes.ts';
import { files } from './en/files.ts';
import { archives } from './en/archives.ts';
import { search } from './en/search.ts';
import { view } from './en/view.ts';
import { uploads } from './en/uploads.ts';
import { downloads } from './en/downloads.ts';
import { shares } from './en/shares.ts';
import { checksums } from './en/checksums.ts';
import { fetches } from './en/fetches.ts';
import { editor } from './en/editor.ts';
import { listing } from './en/listing.ts';
import { browse } from './en/browse.ts';
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
import { terminalShares } from './en/terminal-shares.ts';
import { terminal } from './en/terminal.ts';
import { terminalDocs } from './en/terminal-docs.ts';
import { sshHosts } from './en/ssh-hosts.ts';
import { stackFiles } from './en/stack-files.ts';
import { stacks } from './en/stacks.ts';
import { recordings } from './en/recordings.ts';
import { broadcast, snippets } from './en/snippets.ts';
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
  container,
  containerCommit,
  containerLogs,
  containerUpdates,
  containerFiles,
  containerPorts,
  containers,
  containerForm,
  docker,
  endpoints,
  daemon,
  images,
  imageBuild,
  imageLoad,
  imagePush,
  registries,
  networks,
  volumes,
  volumeBackups,
  terminal,
  terminalShares,
  terminalDocs,
  sshHosts,
  recordings,
  snippets,
  stackFiles,
  stacks,
  broadcast,
  account,
  signIn,
  users,
  setup,
  shell,
  dashboard,
  armed,
  firewall,
  sshServer,
  processes,
  blocks,
  guard,
  services,
  serviceSetup,
  programs,
  logs,
  exposure,
  notices,
  power,
  system,
  accounts,
  packages,
  powershell,
  registry,
  rdp,
  optionalFeatures,
  scheduledTasks,
  files,
  archives,
  search,
  view,
  acl,
  modes,
  transfers,
  trash,
  uploads,
  downloads,
  shares,
  checksums,
  fetches,
  listing,
  browse,
  editor,
  parts,
};

export type Messages = typeof en;
