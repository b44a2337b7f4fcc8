package sshserver

import (
	"net"
	"net/netip"
)

// share is the addresses that count as one: an address of IPv4, and of IPv6 what one subscriber has (RFC 6177). What is not
// TCP is all one.
func share(addr net.Addr) netip.Prefix { return within(hostOf(addr), 32, 64) }

// networkOf is the addresses that are likely to be in one hand: a /24 of IPv4, the least that is routed on its own, and of IPv6
// a /48, which is what a site has (RFC 6177).
func networkOf(address netip.Prefix) netip.Prefix { return within(address.Addr(), 24, 48) }

// hostOf is the IP address of addr; the zero Addr when it has none.
func hostOf(addr net.Addr) netip.Addr {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// within is the network around ip that has so many bits.
func within(ip netip.Addr, bits4, bits6 int) netip.Prefix {
	bits := bits6
	if ip.Is4() {
		bits = bits4
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
