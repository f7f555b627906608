import { armed } from './armed.ts';
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { blocks } from './blocks.ts';
import { containerFiles } from './container-files.ts';
import { containers } from './containers.ts';
import { docker } from './docker.ts';
import { containerSpec } from './container-spec.ts';
import { containerUpdates } from './container-updates.ts';
import { dockerSettings } from './docker-settings.ts';
import type { Endpoint } from './endpoint.ts';
import { exposure } from './exposure.ts';
import { fileContent } from './files/content.ts';
import { fileArchives } from './files/archives.ts';
import { fileListing } from './files/listing.ts';
import { fileSearch } from './files/search.ts';
import { fileUploads } from './files/uploads.ts';
import { fileModes } from './files/modes.ts';
import { fileOperations } from './files/operations.ts';
import { fileTrash } from './files/trash.ts';
import { fileDownloads } from './files/downloads.ts';
import { fileShares } from './files/shares.ts';
import { guard } from './guard.ts';
import { imageSources } from './image-sources.ts';
import { images } from './images.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { networks } from './networks.ts';
import { firewall } from './firewall.ts';
import { packages } from './packages.ts';
import { processes } from './processes.ts';
import { programs } from './programs.ts';
import { registries } from './registries.ts';
import { rdp } from './rdp.ts';
import { optionalFeatures } from './optional-features.ts';
import { scheduledTasks } from './scheduled-tasks.ts';
import { services } from './services.ts';
import { registry } from './registry.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';
import { sshServer } from './ssh-server.ts';
import { stackFiles } from './stack-files.ts';
import { stacks } from './stacks.ts';
import { system } from './system.ts';
import { systemChanges } from './system-changes.ts';
import { tasks } from './tasks.ts';
import { terminals } from './terminals.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';
import { volumeBackups } from './volume-backups.ts';
import { volumes } from './volumes.ts';

/** Every call of the API, in the order of the reference. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...system,
  ...systemChanges,
  ...accounts,
  ...packages,
  ...metrics,
  ...processes,
  ...firewall,
  ...registry,
  ...rdp,
  ...optionalFeatures,
  ...scheduledTasks,
  ...exposure,
  ...programs,
  ...services,
  ...logs,
  ...armed,
  ...sshServer,
  ...blocks,
  ...guard,
  ...tasks,
  ...terminals,
  ...containers,
  ...containerUpdates,
  ...containerSpec,
  ...containerFiles,
  ...images,
  ...imageSources,
  ...registries,
  ...volumes,
  ...volumeBackups,
  ...networks,
  ...stacks,
  ...stackFiles,
  ...docker,
  ...dockerSettings,
  ...fileListing,
  ...fileArchives,
  ...fileSearch,
  ...fileUploads,
  ...fileContent,
  ...fileModes,
  ...fileOperations,
  ...fileTrash,
  ...fileDownloads,
  ...fileShares,
  ...audit,
  ...users,
  ...tokens,
  ...sessions,
  ...settings,
];
