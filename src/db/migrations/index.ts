import start from './0001_start.sql' with { type: 'text' };
import files from './0002_files.sql' with { type: 'text' };
import terminal from './0003_terminal.sql' with { type: 'text' };
import sshHosts from './0004_ssh_hosts.sql' with { type: 'text' };
import recordings from './0005_recordings.sql' with { type: 'text' };
import snippets from './0006_snippets.sql' with { type: 'text' };
import containerTerminals from './0007_container_terminals.sql' with { type: 'text' };
import dockerEndpoints from './0008_docker_endpoints.sql' with { type: 'text' };
import registries from './0009_registries.sql' with { type: 'text' };
import updates from './0010_updates.sql' with { type: 'text' };
import registryChanges from './0011_registry_changes.sql' with { type: 'text' };
import firewall from './0012_firewall.sql' with { type: 'text' };
import blocks from './0013_blocks.sql' with { type: 'text' };
import told from './0014_told.sql' with { type: 'text' };

/** In order; the position (from 1) is the version that `PRAGMA user_version` keeps. Landed files never change. */
export const migrations: readonly string[] = [start, files, terminal, sshHosts, recordings, snippets, containerTerminals, dockerEndpoints, registries, updates, registryChanges, firewall, blocks, told];
