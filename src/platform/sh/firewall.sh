#!/bin/sh
# A firewall from the distribution's own packages: firewall.sh packages ufw|nftables
# It is installed and filters nothing: enabling it is asked for with the rules in view.
set -eu

packages() {
  case "$1" in
    ufw | nftables) ;;
    *) echo "firewall.sh: unknown firewall" >&2; exit 64 ;;
  esac
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 update
    apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends -- "$1"
  elif command -v dnf >/dev/null; then
    dnf install -y -- "$1"
  else
    echo "firewall.sh: neither apt-get nor dnf is here" >&2
    exit 69
  fi
}

case "${1:-}" in
  packages) packages "${2:-}" ;;
  *) echo "firewall.sh: unknown verb" >&2; exit 64 ;;
esac
