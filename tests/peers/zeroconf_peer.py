# SPDX-License-Identifier: Apache-2.0
"""python-zeroconf as a peer: it looks for services of a type, and says each event in a line; or offers one of its own until its
input ends.

usage: zeroconf_peer.py find ADDRESS TYPE | offer ADDRESS TYPE NAME PORT KEY=VALUE
"""
import socket
import sys

from zeroconf import ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf


def say(*words):
    print(*words, flush=True)


def on_change(zeroconf, service_type, name, state_change):
    if state_change is ServiceStateChange.Removed:
        say("removed", name)
        return
    info = zeroconf.get_service_info(service_type, name, 5000)
    if info is None:
        say("unresolved", name)
        return
    text = " ".join(f"{key.decode()}={value.decode()}" for key, value in sorted(info.properties.items()))
    addresses = ",".join(info.parsed_addresses())
    say("added" if state_change is ServiceStateChange.Added else "updated", name, info.server, addresses, info.port, text)


def main():
    command, address, service_type = sys.argv[1:4]
    zeroconf = Zeroconf(interfaces=[address])
    if command == "find":
        browser = ServiceBrowser(zeroconf, service_type, handlers=[on_change])
    else:
        name, port, text = sys.argv[4:7]
        key, value = text.split("=")
        info = ServiceInfo(service_type, f"{name}.{service_type}", addresses=[socket.inet_aton(address)], port=int(port),
                           properties={key: value}, server=f"{name}.local.")
        zeroconf.register_service(info)
        say("offered", name)
    sys.stdin.read()
    if command == "find":
        browser.cancel()
    zeroconf.close()


main()
