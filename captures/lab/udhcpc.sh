#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Called by udhcpc: takes the lease into this namespace, and nothing else of the machine.
case $1 in
bound | renew)
	# shellcheck disable=SC2154 # set by udhcpc
	ip addr replace "$ip/24" dev "$interface"
	# shellcheck disable=SC2154
	ip route replace default via "$router"
	;;
esac
exit 0
