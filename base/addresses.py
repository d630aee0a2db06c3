"""Which addresses of machines are the open internet's. Pure.

Whoever may name an address to be asked must not reach what stands beside this machine.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: Public by its number, and answers for the machines of a cloud all the same.
_OF_CLOUDS = frozenset({IPv4Address("168.63.129.16")})
_UNICAST = ip_network("2000::/3")
#: Each carries an address of the other kind inside: Teredo and 6to4.
_CARRYING = (ip_network("2001::/32"), ip_network("2002::/16"))


def is_public(text: str) -> bool:
    """Whether this is one machine's address that everybody can reach; False for what is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address not in _UNICAST or any(address in each for each in _CARRYING):
            return False
    return address.is_global and not address.is_multicast and address not in _OF_CLOUDS
