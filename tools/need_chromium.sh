#!/bin/sh
# The browser tests drive Debian's Chromium: install it where it is missing and we may, else say what to install.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing chromium"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium (Debian: sudo apt install chromium)" >&2
exit 1
