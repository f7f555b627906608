#!/bin/sh
# A container engine from the distribution's own packages: docker.sh packages|start
# packages installs it with compose; start makes it run now and after each boot.
set -eu

packages() {
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 update
    compose=docker-compose
    # The plugin where the distribution has it (Debian 13, Ubuntu), else the program of before.
    for name in docker-compose-v2 docker-compose-plugin; do
      if apt-cache show "$name" >/dev/null 2>&1; then compose=$name; break; fi
    done
    apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends docker.io iptables ca-certificates "$compose"
  elif command -v dnf >/dev/null; then
    dnf install -y moby-engine docker-compose
  else
    echo "docker.sh: neither apt-get nor dnf is here" >&2
    exit 69
  fi
}

start() {
  if [ ! -d /run/systemd/system ]; then
    echo "docker.sh: without systemd, start dockerd by what starts services here" >&2
    exit 69
  fi
  systemctl enable docker
  systemctl start docker || { journalctl -u docker -n 20 --no-pager >&2; exit 1; }
}

case "${1:-}" in
  packages) packages ;;
  start) start ;;
  *) echo "docker.sh: unknown verb" >&2; exit 64 ;;
esac
