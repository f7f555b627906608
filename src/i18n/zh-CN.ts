import type { Messages } from './en.ts';
import { dashboard } from './zh-CN/dashboard.ts';
import { blocks } from './zh-CN/blocks.ts';
import { guard } from './zh-CN/guard.ts';
import { armed } from './zh-CN/armed.ts';
import { firewall } from './zh-CN/firewall.ts';
import { sshServer } from './zh-CN/ssh-server.ts';
import { processes } from './zh-CN/processes.ts';
import { programs, services } from './zh-CN/services.ts';
import { serviceSetup } from './zh-CN/service-setup.ts';
import { logs } from './zh-CN/logs.ts';
import { exposure } from './zh-CN/exposure.ts';
import { container } from './zh-CN/container.ts';
import { containerCommit } from './zh-CN/container-commit.ts';
import { containerLogs } from './zh-CN/container-logs.ts';
import { containerUpdates } from './zh-CN/container-updates.ts';
import { containerFiles } from './zh-CN/container-files.ts';
import { containerPorts } from './zh-CN/container-ports.ts';
import { containers } from './zh-CN/containers.ts';
import { containerForm } from './zh-CN/container-form.ts';
import { docker } from './zh-CN/docker.ts';
import { endpoints } from './zh-CN/endpoints.ts';
import { daemon } from './zh-CN/daemon.ts';
import { images } from './zh-CN/images.ts';
import { imageBuild } from './zh-CN/image-build.ts';
import { imageLoad, imagePush } from './zh-CN/image-load.ts';
import { registries } from './zh-CN/registries.ts';
import { networks } from './zh-CN/networks.ts';
import { volumes } from './zh-CN/volumes.ts';
import { volumeBackups } from './zh-CN/volume-backups.ts';
import { notices } from './zh-CN/notices.ts';
import { accounts } from './zh-CN/accounts.ts';
import { packages } from './zh-CN/packages.ts';
import { system } from './zh-CN/system.ts';
import { power } from './zh-CN/power.ts';
import { rdp } from './zh-CN/rdp.ts';
import { optionalFeatures } from './zh-CN/optional-features.ts';
import { scheduledTasks } from './zh-CN/scheduled-tasks.ts';
import { registry } from './zh-CN/registry.ts';
import { powershell } from './zh-CN/powershell.ts';
import { transfers } from './zh-CN/transfers.ts';
import { trash } from './zh-CN/trash.ts';
import { acl } from './zh-CN/acl.ts';
import { modes } from './zh-CN/modes.ts';
import { files } from './zh-CN/files.ts';
import { archives } from './zh-CN/archives.ts';
import { search } from './zh-CN/search.ts';
import { view } from './zh-CN/view.ts';
import { uploads } from './zh-CN/uploads.ts';
import { downloads } from './zh-CN/downloads.ts';
import { shares } from './zh-CN/shares.ts';
import { checksums } from './zh-CN/checksums.ts';
import { fetches } from './zh-CN/fetches.ts';
import { editor } from './zh-CN/editor.ts';
import { listing } from './zh-CN/listing.ts';
import { browse } from './zh-CN/browse.ts';
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
import { terminalShares } from './zh-CN/terminal-shares.ts';
import { terminal } from './zh-CN/terminal.ts';
import { terminalDocs } from './zh-CN/terminal-docs.ts';
import { sshHosts } from './zh-CN/ssh-hosts.ts';
import { stackFiles } from './zh-CN/stack-files.ts';
import { stacks } from './zh-CN/stacks.ts';
import { recordings } from './zh-CN/recordings.ts';
import { broadcast, snippets } from './zh-CN/snippets.ts';
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
