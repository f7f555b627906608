#!/bin/sh
# What addresses are blocked with, from the distribution's own packages: blocks.sh packages
# The service of nftables stays as it is: it would load /etc/nftables.conf, which empties everybody's rules first.
set -eu

packages() {
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 update
    apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends nftables
  elif command -v dnf >/dev/null; then
    dnf install -y nftables
  else
    echo "blocks.sh: neither apt-get nor dnf is here" >&2
    exit 69
  fi
}

case "${1:-}" in
  packages) packages ;;
  *) echo "blocks.sh: unknown verb" >&2; exit 64 ;;
esac
