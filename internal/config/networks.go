package config

import (
	"net/netip"

	"go.yaml.in/yaml/v3"
)

// networks are a list of networks (RFC 4632, 3.1; RFC 4291, 2.3). A single address is the network of itself.
type networks []netip.Prefix

func (w *networks) set(n *yaml.Node, _ []string) []fault {
	list, faults := each(n, network)
	if faults == nil {
		*w = list
	}
	return faults
}

func (w *networks) get() any {
	list := make([]string, len(*w))
	for i, p := range *w {
		list[i] = p.String()
	}
	return list
}

// network reads one network. All addresses there are is no network: whoever means them trusts everybody.
func network(n *yaml.Node) (netip.Prefix, []fault) {
	const example = "write an address and how many bits of it count, such as 10.1.2.0/24 or 2001:db8:1::/48"
	s, faults := line(n)
	if faults != nil {
		return netip.Prefix{}, faults
	}
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		return netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil || p.Addr().Is4In6():
		return p, wrong(n, quote(s)+" is not a network", example)
	case p.Bits() == 0:
		return p, wrong(n, quote(s)+" is everybody", "name the networks of the balancers only")
	case p != p.Masked():
		return p, wrong(n, quote(s)+" is an address in a network", "write "+p.Masked().String()+" for the network, or the address alone")
	}
	return p, nil
}
